import Brushflow
import Foundation

/// Writes words: results to standard output, everything else to standard error.
enum Terminal {
    /// Whether standard error is a terminal.
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// A line on standard error.
    static func line(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Replaces the present line of the terminal.
    static func status(_ text: String) {
        write("\r\u{1b}[K" + text, to: STDERR_FILENO)
    }

    /// Clears the present line of the terminal.
    static func clearStatus() { status("") }

    /// A line on standard output.
    static func result(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// `brushflow: error: …`
    static func print(error: BrushflowError) { line("brushflow: error: \(error.message)") }

    /// Writes all bytes, or as many as the reader takes: `brushflow settings | head` is no fault.
    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
