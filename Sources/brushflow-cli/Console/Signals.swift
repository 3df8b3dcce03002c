import Brushflow
import Dispatch
import Foundation

/// Turns SIGINT and SIGTERM into a cancelled run.
///
/// The first one asks the run to stop; what has not stopped within the patience, as a very long step would, is ended with
/// its temporary files removed. A second signal ends it at once.
final class Signals {
    private var sources: [any DispatchSourceSignal] = []

    /// A full disk or a file size limit shall be an error, not a dead process.
    static func ignoreWriteFaults() {
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Watches until the process ends.
    ///
    /// - Parameter patience: seconds.
    init(cancelling token: CancellationToken, patience: Double = 1.5) {
        let queue = DispatchQueue(label: "brushflow.signals")
        for (number, reason) in [(SIGINT, BrushflowError.Kind.interrupted), (SIGTERM, .terminated)] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if token.isCancelled { Self.endAtOnce(reason) }
                token.cancel(reason)
                queue.asyncAfter(deadline: .now() + patience) { Self.endAtOnce(reason) }
            }
            source.resume()
            sources.append(source)
        }
    }

    private static func endAtOnce(_ reason: BrushflowError.Kind) -> Never {
        Diagnostics.removeTemporaryFiles()
        _exit(reason.rawValue)
    }
}
