import CFFmpeg
import Foundation
import Synchronization

/// Takes libav's log away from the terminal and keeps its last error line, for error messages.
///
/// Lines are kept for each thread that has called `clear()`, so that files read side by side do not get each other's;
/// what libav's own worker threads say is kept for all together.
enum LibavLog {
    private static let key = "brushflow.libav-line"
    private static let lastOfWorkers = Mutex<String>("")
    private static let installed: Void = av_log_set_callback { context, level, format, arguments in
        guard level <= AV_LOG_ERROR, let format, let arguments else { return }
        LibavLog.keep(LibavLog.line(context: context, level: level, format: format, arguments: arguments))
    }

    /// Forgets this thread's last line and the workers'; called before an operation whose line matters.
    static func clear() {
        _ = installed
        Thread.current.threadDictionary[key] = ""
        lastOfWorkers.withLock { $0 = "" }
    }

    /// The last error line on this thread since `clear()`, without a newline; empty where there was none.
    static var lastLineOfThread: String { Thread.current.threadDictionary[key] as? String ?? "" }

    /// As `lastLineOfThread`; where that is empty, the last line of libav's worker threads.
    static var lastLine: String {
        let own = lastLineOfThread
        return own.isEmpty ? lastOfWorkers.withLock { $0 } : own
    }

    private static func keep(_ line: String) {
        let lines = Thread.current.threadDictionary
        if lines[key] == nil {
            lastOfWorkers.withLock { $0 = line }
        } else {
            lines[key] = line
        }
    }

    private static func line(
        context: UnsafeMutableRawPointer?, level: Int32, format: UnsafePointer<CChar>, arguments: CVaListPointer
    ) -> String {
        var prefix: Int32 = 0
        var buffer = [CChar](repeating: 0, count: 512)
        av_log_format_line2(context, level, format, arguments, &buffer, Int32(buffer.count), &prefix)
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self).filter { $0 != "\n" && $0 != "\r" }
    }
}
