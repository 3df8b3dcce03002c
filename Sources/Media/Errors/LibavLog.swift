import CFFmpeg
import Synchronization

/// Takes libav's log away from the terminal and keeps its last error line, for error messages.
enum LibavLog {
    private static let last = Mutex<String>("")
    private static let installed: Void = av_log_set_callback { context, level, format, arguments in
        guard level <= AV_LOG_ERROR, let format, let arguments else { return }
        LibavLog.keep(context: context, level: level, format: format, arguments: arguments)
    }

    /// Forgets the last line; called before an operation whose line matters.
    static func clear() {
        _ = installed
        last.withLock { $0 = "" }
    }

    /// The last error line since `clear()`, without a newline; empty where there was none.
    static var lastLine: String { last.withLock { $0 } }

    private static func keep(
        context: UnsafeMutableRawPointer?, level: Int32, format: UnsafePointer<CChar>, arguments: CVaListPointer
    ) {
        var prefix: Int32 = 0
        var buffer = [CChar](repeating: 0, count: 512)
        av_log_format_line2(context, level, format, arguments, &buffer, Int32(buffer.count), &prefix)
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let line = String(decoding: bytes, as: UTF8.self).filter { $0 != "\n" && $0 != "\r" }
        last.withLock { $0 = line }
    }
}
