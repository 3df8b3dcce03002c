import CFFmpeg
import Tensors

/// A stream whose packets go into the output as they are, moved in time.
final class CopiedTrack: SideTrack {
    let sourceIndex: Int
    let isSparse: Bool
    private let source: UnsafeMutablePointer<AVStream>
    private let label: String
    private let writer = TrackWriter()
    private var damaged = 0
    /// av_rescale_delta's memory: keeps audio contiguous where the source's ticks are coarser than samples.
    private var rescaleState = bf_nopts_value()

    init(source: UnsafeMutablePointer<AVStream>, label: String) {
        sourceIndex = Int(source.pointee.index)
        isSparse = source.pointee.codecpar.pointee.codec_type != AVMEDIA_TYPE_AUDIO
        self.source = source
        self.label = label
    }

    func declare(in output: OutputFormatHandle) throws {
        let stream = try output.addStream()
        try Self.copyParameters(of: source, to: stream)
        try SideTags.copyStream(from: source, to: stream, container: output.container)
        writer.attach(stream)
    }

    /// Copies what describes the stream; used by the trial of a muxer as well.
    static func copyParameters(
        of source: UnsafeMutablePointer<AVStream>, to stream: UnsafeMutablePointer<AVStream>
    ) throws {
        guard avcodec_parameters_copy(stream.pointee.codecpar, source.pointee.codecpar) >= 0 else {
            throw LibavError.outOfMemory("avcodec_parameters_copy")
        }
        stream.pointee.codecpar.pointee.codec_tag = 0
        stream.pointee.time_base = source.pointee.time_base
        let rate = source.pointee.codecpar.pointee.sample_rate
        if source.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO, rate > 0 {
            stream.pointee.time_base = AVRational(num: 1, den: rate)
        }
    }

    func take(_ packet: PacketHandle, clock: SideClock, to output: OutputFormatHandle) throws {
        guard let target = writer.stream?.pointee.time_base else { return }
        let p = packet.pointer
        let timeBase = source.pointee.time_base
        if p.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { damaged += 1 }
        guard isInside(p, clock, timeBase, output.container) else { return }
        let nothing = bf_nopts_value()
        let rounding = AVRounding(AV_ROUND_NEAR_INF.rawValue | AV_ROUND_PASS_MINMAX.rawValue)
        let duration = p.pointee.duration
        p.pointee.duration = max(0, av_rescale_q(duration, timeBase, target))
        let dts = p.pointee.dts == nothing ? p.pointee.pts : p.pointee.dts
        if dts != nothing, let exact = contiguous(dts: clock.shifted(dts, timeBase), packet: p, to: target) {
            // Audio is written in the order that it is heard.
            p.pointee.dts = exact
            p.pointee.pts = exact
        } else {
            for field in [\AVPacket.pts, \AVPacket.dts] where p.pointee[keyPath: field] != nothing {
                let shifted = clock.shifted(p.pointee[keyPath: field], timeBase)
                p.pointee[keyPath: field] = av_rescale_q_rnd(shifted, timeBase, target, rounding)
            }
        }
        try writer.write(packet, to: output)
    }

    func finish(clock: SideClock, to output: OutputFormatHandle) throws {}

    var note: String? {
        let count = damaged + writer.refused
        guard count > 0 else { return nil }
        return writer.refused > 0
            ? "\(label): \(writer.refused) damaged packets are left out"
            : "\(label): \(count) damaged packets are copied as they are"
    }

    /// Whether the packet belongs to the part that is taken. An edit list hides what a packet holds before time 0;
    /// Matroska has none, so there a packet must begin inside.
    private func isInside(
        _ p: UnsafeMutablePointer<AVPacket>, _ clock: SideClock, _ timeBase: AVRational, _ container: OutputContainer
    ) -> Bool {
        let start = p.pointee.pts == bf_nopts_value() ? p.pointee.dts : p.pointee.pts
        guard clock.cuts, start != bf_nopts_value() else { return true }
        let begins = clock.seconds(start, timeBase)
        if let length = clock.length, begins >= length { return false }
        if container.isQuickTimeFamily, !isSparse {
            return clock.seconds(start &+ max(0, p.pointee.duration), timeBase) > 0
        }
        return begins > -0.0005
    }

    /// The packet's place in samples, next to the packet before it wherever the source's coarse ticks allow that.
    private func contiguous(
        dts: Int64, packet p: UnsafeMutablePointer<AVPacket>, to target: AVRational
    ) -> Int64? {
        let parameters = source.pointee.codecpar
        guard let parameters, parameters.pointee.codec_type == AVMEDIA_TYPE_AUDIO, parameters.pointee.sample_rate > 0
        else { return nil }
        var samples = av_get_audio_frame_duration2(parameters, p.pointee.size)
        if samples <= 0 { samples = parameters.pointee.frame_size }
        guard samples > 0 else { return nil }
        let rate = AVRational(num: 1, den: parameters.pointee.sample_rate)
        return av_rescale_delta(source.pointee.time_base, dts, rate, samples, &rescaleState, target)
    }
}
