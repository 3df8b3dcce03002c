import CFFmpeg
import Tensors

/// One decoder: packets in, zero or more frames out of each, the rest when there are no more packets.
final class VideoDecoder {
    /// What became of a call.
    enum Outcome {
        case frame(FrameHandle)
        case needsPacket
        case end
        /// A damaged packet: libav's function and code.
        case damaged(function: String, code: Int32)
    }

    let codecID: AVCodecID
    private let context: CodecContextHandle

    /// Opens the decoder of a stream.
    ///
    /// - Throws: `.content` where there is none or it refuses.
    init(_ stream: UnsafeMutablePointer<AVStream>, path: String, threads: Int, maximumPixels: Int) throws {
        let parameters = stream.pointee.codecpar
        codecID = parameters?.pointee.codec_id ?? AV_CODEC_ID_NONE
        let doing = "\(path): cannot decode video stream \(stream.pointee.index)"
        guard let codec = avcodec_find_decoder(codecID) else {
            let name = String(cString: avcodec_get_name(codecID))
            throw BrushflowError(.content, "\(doing): this libavcodec has no decoder for '\(name)'")
        }
        context = try CodecContextHandle(codec)
        LibavLog.clear()
        let copied = avcodec_parameters_to_context(context.pointer, parameters)
        guard copied >= 0 else {
            throw LibavError.failure(.content, doing, function: "avcodec_parameters_to_context", code: copied)
        }
        context.pointer.pointee.pkt_timebase = stream.pointee.time_base
        context.pointer.pointee.thread_count = Int32(clamping: threads)
        context.pointer.pointee.thread_type = FF_THREAD_FRAME | FF_THREAD_SLICE
        context.pointer.pointee.max_pixels = Int64(maximumPixels)
        let code = avcodec_open2(context.pointer, codec, nil)
        guard code >= 0 else { throw LibavError.failure(.content, doing, function: "avcodec_open2", code: code) }
    }

    /// Hands over a packet, or the end where it is nil.
    ///
    /// - Returns: nil where it was taken.
    func send(_ packet: PacketHandle?) -> Outcome? {
        let code = avcodec_send_packet(context.pointer, packet?.pointer)
        if code >= 0 || (packet == nil && code == bf_averror_eof()) { return nil }
        return .damaged(function: "avcodec_send_packet", code: code)
    }

    /// The next frame in presentation order.
    func receive() throws -> Outcome {
        let frame = try FrameHandle()
        let code = avcodec_receive_frame(context.pointer, frame.pointer)
        if code >= 0 { return .frame(frame) }
        if code == bf_averror_eagain() { return .needsPacket }
        if code == bf_averror_eof() { return .end }
        return .damaged(function: "avcodec_receive_frame", code: code)
    }
}
