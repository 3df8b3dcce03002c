import Foundation

/// A program that was started; its output goes to files, so that no pipe can fill up.
final class RunningCommand {
    private let process: Process
    private let folder: URL

    init(_ process: Process) throws {
        self.process = process
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["out", "err"] {
            let file = folder.appendingPathComponent(name)
            try Data().write(to: file)
            let handle = try FileHandle(forWritingTo: file)
            if name == "out" { process.standardOutput = handle } else { process.standardError = handle }
        }
        try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Whether it still runs.
    var isRunning: Bool { process.isRunning }

    /// Waits for its end.
    func wait() throws -> CommandRun {
        process.waitUntilExit()
        return CommandRun(
            status: process.terminationStatus,
            output: try String(contentsOf: folder.appendingPathComponent("out"), encoding: .utf8),
            errors: try String(contentsOf: folder.appendingPathComponent("err"), encoding: .utf8))
    }
}
