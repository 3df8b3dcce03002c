import Brushflow
import Foundation

/// Writes words: results to standard output, everything else to standard error.
enum Terminal {
    /// Whether standard error is a terminal.
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// A line on standard error.
    static func line(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Replaces the present line of the terminal.
    static func status(_ text: String) {
        FileHandle.standardError.write(Data(("\r\u{1b}[K" + text).utf8))
    }

    /// Clears the present line of the terminal.
    static func clearStatus() { status("") }

    /// A line on standard output.
    static func result(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// `brushflow: error: …`
    static func print(error: BrushflowError) { line("brushflow: error: \(error.message)") }
}
