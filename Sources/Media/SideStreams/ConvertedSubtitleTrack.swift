import CFFmpeg
import Tensors

/// Text subtitles written again in the codec that the output's container holds.
final class ConvertedSubtitleTrack: SideTrack {
    let sourceIndex: Int
    let isSparse = true
    private let source: UnsafeMutablePointer<AVStream>
    private let label: String
    private let decoder: CodecContextHandle
    private let encoder: CodecContextHandle
    private let writer = TrackWriter()
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)
    private var damaged = 0

    /// - Throws: `.content` where libav cannot make the codecs.
    init(source: UnsafeMutablePointer<AVStream>, target: AVCodecID, label: String) throws {
        sourceIndex = Int(source.pointee.index)
        self.source = source
        self.label = label
        guard let from = avcodec_find_decoder(source.pointee.codecpar.pointee.codec_id),
            let to = avcodec_find_encoder(target)
        else { throw BrushflowError(.content, "\(label): this libav cannot convert it") }
        decoder = try CodecContextHandle(from)
        encoder = try CodecContextHandle(to)
        LibavLog.clear()
        let d = decoder.pointer
        avcodec_parameters_to_context(d, source.pointee.codecpar)
        d.pointee.pkt_timebase = source.pointee.time_base
        var code = avcodec_open2(d, from, nil)
        guard code >= 0 else {
            throw LibavError.failure(.content, "\(label): cannot convert", function: "avcodec_open2", code: code)
        }
        let e = encoder.pointer
        e.pointee.time_base = AVRational(num: 1, den: 1000)
        if let header = d.pointee.subtitle_header, d.pointee.subtitle_header_size > 0 {
            let size = Int(d.pointee.subtitle_header_size)
            guard let copy = av_mallocz(size + 1) else { throw LibavError.outOfMemory("av_mallocz") }
            copy.copyMemory(from: header, byteCount: size)
            e.pointee.subtitle_header = copy.bindMemory(to: UInt8.self, capacity: size + 1)
            e.pointee.subtitle_header_size = Int32(size)
        }
        code = avcodec_open2(e, to, nil)
        guard code >= 0 else {
            throw LibavError.failure(.content, "\(label): cannot convert", function: "avcodec_open2", code: code)
        }
    }

    func declare(in output: OutputFormatHandle) throws {
        let stream = try output.addStream()
        guard avcodec_parameters_from_context(stream.pointee.codecpar, encoder.pointer) >= 0 else {
            throw LibavError.outOfMemory("avcodec_parameters_from_context")
        }
        stream.pointee.time_base = encoder.pointer.pointee.time_base
        try SideTags.copyStream(from: source, to: stream, container: output.container)
        writer.attach(stream)
    }

    func take(_ packet: PacketHandle, clock: SideClock, to output: OutputFormatHandle) throws {
        let timeBase = source.pointee.time_base
        let p = packet.pointer
        guard let target = writer.stream?.pointee.time_base, p.pointee.pts != bf_nopts_value() else { return }
        let begins = clock.seconds(p.pointee.pts, timeBase)
        guard begins > -0.0005, clock.length.map({ begins < $0 }) ?? true else { return }
        guard let text = encoded(p), !text.isEmpty else { return }
        let made = try PacketHandle()
        guard av_new_packet(made.pointer, Int32(text.count)) >= 0 else { throw LibavError.outOfMemory("av_new_packet") }
        text.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(start: made.pointer.pointee.data, count: text.count).copyMemory(from: $0)
        }
        made.pointer.pointee.pts = av_rescale_q(clock.shifted(p.pointee.pts, timeBase), timeBase, target)
        made.pointer.pointee.dts = made.pointer.pointee.pts
        made.pointer.pointee.duration = max(0, av_rescale_q(p.pointee.duration, timeBase, target))
        try writer.write(made, to: output)
    }

    func finish(clock: SideClock, to output: OutputFormatHandle) throws {}

    var note: String? {
        let count = damaged + writer.refused
        return count > 0 ? "\(label): \(count) damaged subtitles are left out" : nil
    }

    /// One packet's text in the encoder's form; empty for a packet without text, nil for a damaged one.
    private func encoded(_ packet: UnsafeMutablePointer<AVPacket>) -> ArraySlice<UInt8>? {
        var subtitle = AVSubtitle()
        var got: Int32 = 0
        guard avcodec_decode_subtitle2(decoder.pointer, &subtitle, &got, packet) >= 0 else {
            damaged += 1
            return nil
        }
        guard got != 0 else { return [] }
        defer { avsubtitle_free(&subtitle) }
        guard subtitle.num_rects > 0 else { return [] }
        subtitle.end_display_time -= min(subtitle.end_display_time, subtitle.start_display_time)
        subtitle.start_display_time = 0
        let size = avcodec_encode_subtitle(encoder.pointer, &buffer, Int32(buffer.count), &subtitle)
        guard size >= 0 else {
            damaged += 1
            return nil
        }
        return buffer[0..<Int(size)]
    }
}
