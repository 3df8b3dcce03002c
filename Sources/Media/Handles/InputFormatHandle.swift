import CFFmpeg
import Foundation
import Tensors

/// Owns one `AVFormatContext` that was opened for reading.
///
/// Opening is where untrusted files are met: the path always goes to libav as `file:` + path, only the file
/// protocol is allowed, the format found must be one of `ReadableFormats`, and a demuxer that asks to open another
/// file (a playlist, a concat list) is refused.
final class InputFormatHandle {
    let pointer: UnsafeMutablePointer<AVFormatContext>
    private let io: UnsafeMutablePointer<AVIOContext>
    /// The path as the user wrote it.
    let path: String

    /// Opens `path` and reads its header; `formatName` forces a demuxer, whether listed as readable or not.
    ///
    /// - Throws: `.input` where the file is missing or unreadable, `.content` where libav cannot use it.
    init(path: String, formatName: String? = nil) throws {
        self.path = path
        try Self.checkReadable(path)
        LibavMemory.bound()
        LibavLog.clear()
        let url = "file:" + path
        var stream: UnsafeMutablePointer<AVIOContext>?
        let ioCode = avio_open2(&stream, url, AVIO_FLAG_READ, nil, nil)
        guard ioCode >= 0, let stream else {
            throw LibavError.failure(.input, "\(path): cannot read", function: "avio_open2", code: ioCode)
        }
        io = stream
        let format: UnsafePointer<AVInputFormat>?
        do {
            format =
                try formatName.flatMap { av_find_input_format($0) }
                ?? ReadableFormats.probe(stream, url: url, path: path)
        } catch {
            var closing: UnsafeMutablePointer<AVIOContext>? = stream
            avio_closep(&closing)
            throw error
        }
        guard let context = avformat_alloc_context() else {
            var closing: UnsafeMutablePointer<AVIOContext>? = stream
            avio_closep(&closing)
            throw LibavError.outOfMemory("avformat_alloc_context")
        }
        // libav opens every further file through io_open; the first one is open already.
        context.pointee.pb = stream
        context.pointee.io_open = { _, _, _, _, _ in bf_averror_exit() }
        var options: OpaquePointer?
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        defer { av_dict_free(&options) }
        var opened: UnsafeMutablePointer<AVFormatContext>? = context
        let code = avformat_open_input(&opened, url, format, &options)
        guard code >= 0, let opened else {
            var closing: UnsafeMutablePointer<AVIOContext>? = stream
            avio_closep(&closing)
            guard code != -ENOMEM else {
                throw BrushflowError(
                    .content,
                    "\(path): cannot open as media: its header asks for a table of more than \(LibavMemory.mostBytes) "
                        + "bytes; it is damaged")
            }
            throw LibavError.failure(
                .content, "\(path): cannot open as media", function: "avformat_open_input", code: code)
        }
        pointer = opened
        HandleCensus.born()
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = pointer
        avformat_close_input(&context)
        var closing: UnsafeMutablePointer<AVIOContext>? = io
        avio_closep(&closing)
        HandleCensus.died()
    }

    /// Looks why reading came to an end: demuxers take what the system could not read for the file's end.
    ///
    /// - Throws: `.input`.
    func checkReading() throws {
        guard let code = pointer.pointee.pb?.pointee.error, code < 0, code != bf_averror_eof() else { return }
        throw BrushflowError(
            .input,
            "\(path): cannot be read on: \(LibavError.words(for: code)); make sure that its disk is there and run again"
        )
    }

    private static func checkReadable(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw BrushflowError(.input, "\(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw BrushflowError(.input, "\(path): is not a regular file")
        }
        guard access(path, R_OK) == 0 else {
            throw BrushflowError(.input, "\(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_size > 0 else { throw BrushflowError(.content, "\(path): is empty (0 bytes)") }
    }
}
