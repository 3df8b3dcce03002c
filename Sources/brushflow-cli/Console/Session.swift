import ArgumentParser
import Brushflow
import Foundation

/// Runs one command line from its words to its exit code.
enum Session {
    /// Parses, runs and exits: 0, or the error's code.
    static func run(arguments: [String]?) -> Never {
        Signals.ignoreWriteFaults()
        Diagnostics.keepHeapFromFragmenting()
        Diagnostics.endIdleThreads()
        do {
            var command = try BrushflowCommand.parseAsRoot(arguments)
            try command.run()
            end(with: 0)
        } catch let error as BrushflowError {
            Terminal.print(error: error)
            end(with: error.kind.rawValue)
        } catch {
            BrushflowCommand.exit(withError: error)
        }
    }

    /// Exits; where `BRUSHFLOW_TRACE_HANDLES` is set, says first how many C objects are still alive.
    private static func end(with code: Int32) -> Never {
        if ProcessInfo.processInfo.environment["BRUSHFLOW_TRACE_HANDLES"] != nil {
            Terminal.line("handles alive: \(Diagnostics.liveHandles)")
        }
        exit(code)
    }
}
