import CFFmpeg
import Foundation
import Tensors

/// Owns one `AVFormatContext` for writing, its file included.
///
/// Whoever makes it adds streams, then calls `writeHeader`, `write` for every packet, `writeTrailer` and `close`.
/// Time stamps are written as they are given: libav's shifting of negative ones is off.
package final class OutputFormatHandle {
    let pointer: UnsafeMutablePointer<AVFormatContext>
    package let container: OutputContainer
    /// The path as it is named in errors: the target's, where the file itself has a temporary name.
    let name: String

    /// Makes the file at `path` empty and opens it; `name` is the path that errors mention.
    ///
    /// - Throws: `.output` where the file cannot be written.
    package init(path: String, container: OutputContainer, name: String? = nil) throws {
        self.container = container
        self.name = name ?? path
        LibavLog.clear()
        let url = "file:" + path
        var made: UnsafeMutablePointer<AVFormatContext>?
        let code = avformat_alloc_output_context2(&made, nil, container.muxerName, url)
        guard code >= 0, let made else { throw LibavError.outOfMemory("avformat_alloc_output_context2") }
        let ioCode = avio_open2(&made.pointee.pb, url, AVIO_FLAG_WRITE, nil, nil)
        guard ioCode >= 0 else {
            avformat_free_context(made)
            throw LibavError.failure(
                .output, "\(self.name): cannot write", function: "avio_open2", code: ioCode)
        }
        made.pointee.flags |= AVFMT_FLAG_BITEXACT
        made.pointee.avoid_negative_ts = 0
        pointer = made
        HandleCensus.born()
    }

    deinit {
        avio_closep(&pointer.pointee.pb)
        avformat_free_context(pointer)
        HandleCensus.died()
    }

    /// Adds a stream; before the header.
    func addStream() throws -> UnsafeMutablePointer<AVStream> {
        guard let stream = avformat_new_stream(pointer, nil) else {
            throw LibavError.outOfMemory("avformat_new_stream")
        }
        return stream
    }

    /// Writes the header with the muxer's `options`; afterwards every stream's time base is the muxer's choice.
    package func writeHeader(options: [String: String] = [:]) throws {
        var dictionary: OpaquePointer?
        defer { av_dict_free(&dictionary) }
        for (key, value) in options.sorted(by: { $0.key < $1.key }) { av_dict_set(&dictionary, key, value, 0) }
        LibavLog.clear()
        try check(avformat_write_header(pointer, &dictionary), "avformat_write_header")
        guard av_dict_count(dictionary) == 0 else {
            throw BrushflowError(
                .internal, "\(name): the \(container.muxerName) muxer does not know an option given to it")
        }
    }

    /// Hands a packet over to be written in time order; the packet is empty afterwards. Its time stamps are in
    /// the output stream's time base.
    ///
    /// - Throws: `.content` where the muxer refuses what a packet, this one or one handed over earlier, holds; `.output`.
    func write(_ packet: PacketHandle) throws {
        try check(av_interleaved_write_frame(pointer, packet.pointer), "av_interleaved_write_frame", ofSource: true)
    }

    /// Whether everything written so far reached the file.
    var isSound: Bool { (pointer.pointee.pb.map { $0.pointee.error } ?? 0) >= 0 }

    /// Writes what is still held back and the trailer.
    ///
    /// - Throws: as `write`.
    package func writeTrailer() throws {
        LibavLog.clear()
        try check(av_write_trailer(pointer), "av_write_trailer", ofSource: true)
    }

    /// Closes the file.
    ///
    /// - Throws: `.output` where a write, this one or an earlier one, did not reach the file.
    package func close() throws {
        guard pointer.pointee.pb != nil else { return }
        avio_flush(pointer.pointee.pb)
        let code = pointer.pointee.pb.pointee.error
        let closing = avio_closep(&pointer.pointee.pb)
        try check(code < 0 ? code : closing, "avio_closep")
    }

    /// - Parameter ofSource: whether what a muxer finds invalid may be what the source holds.
    private func check(_ code: Int32, _ function: String, ofSource: Bool = false) throws {
        if ofSource, isSound, code == bf_averror(EINVAL) || code == bf_averror_invalid_data() {
            throw LibavError.failure(
                .content, "\(name): \(container.rawValue) cannot hold what the source holds", function: function,
                code: code)
        }
        let failed = code < 0 ? code : pointer.pointee.pb.map { $0.pointee.error } ?? 0
        guard failed < 0 else { return }
        if OutputFault.isFull(-failed) { throw OutputFault.error(name, code: -failed) }
        throw LibavError.failure(.output, "\(name): cannot write", function: function, code: failed)
    }
}
