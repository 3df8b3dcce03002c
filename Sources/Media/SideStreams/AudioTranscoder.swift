import CFFmpeg
import Tensors

/// Decodes audio, converts rate, layout and format, and encodes it again; every sample keeps its time.
///
/// A gap in the source becomes silence and an overlap is dropped, so that sound and picture stay together
/// however the source's packets were damaged. Not thread-safe.
final class AudioTranscoder {
    let encoder: CodecContextHandle
    /// Packets and frames that could not be decoded.
    private(set) var damaged = 0
    private let decoder: CodecContextHandle
    private let sourceTimeBase: AVRational
    private let input: FrameHandle
    private let queue: EncoderQueue
    private var resampler: ResamplerHandle?
    private var shape: FrameShape?
    /// The place of the next sample in the output, in samples; nil before the first.
    private var cursor: Int64?

    /// What the resampler was made for.
    private struct FrameShape: Equatable {
        let rate: Int32
        let channels: Int32
        let mask: UInt64
        let format: Int32
    }

    /// The sample rates that are converted, in Hz.
    static let rates: ClosedRange<Int32> = 1000...1_000_000
    /// The most samples that one frame may become; 87 s at 48 kHz.
    private static let greatestFrame: Int32 = 1 << 22
    /// Time stamps may be off by this many seconds (coarse ticks) before samples are moved.
    private static let tolerance = 0.02
    /// A gap longer than this many seconds is a jump of the time stamps, not silence to be made.
    private static let longestSilence = 10.0

    /// - Throws: `.content` where libav cannot open a codec.
    init(source: UnsafeMutablePointer<AVStream>, encoderName: String, globalHeader: Bool, label: String) throws {
        guard let from = avcodec_find_decoder(source.pointee.codecpar.pointee.codec_id),
            let to = avcodec_find_encoder_by_name(encoderName)
        else { throw BrushflowError(.content, "\(label): this libav cannot convert it") }
        sourceTimeBase = source.pointee.time_base
        input = try FrameHandle()
        decoder = try CodecContextHandle(from)
        LibavLog.clear()
        avcodec_parameters_to_context(decoder.pointer, source.pointee.codecpar)
        decoder.pointer.pointee.pkt_timebase = sourceTimeBase
        decoder.pointer.pointee.thread_count = 1
        let code = avcodec_open2(decoder.pointer, from, nil)
        guard code >= 0 else {
            throw LibavError.failure(.content, "\(label): cannot decode", function: "avcodec_open2", code: code)
        }
        encoder = try AudioEncoder.open(
            to, rate: source.pointee.codecpar.pointee.sample_rate,
            channels: source.pointee.codecpar.pointee.ch_layout.nb_channels, globalHeader: globalHeader, label: label)
        queue = try EncoderQueue(encoder)
    }

    /// Takes one packet of the source, or nil at its end; hands on encoded packets, their times in samples.
    func take(_ packet: PacketHandle?, clock: SideClock, emit: (PacketHandle) throws -> Void) throws {
        if avcodec_send_packet(decoder.pointer, packet?.pointer) < 0, packet != nil { damaged += 1 }
        while true {
            let code = avcodec_receive_frame(decoder.pointer, input.pointer)
            if code == bf_averror_eagain() || code == bf_averror_eof() { break }
            guard code >= 0 else {
                damaged += 1
                break
            }
            try place(clock: clock, emit: emit)
            av_frame_unref(input.pointer)
        }
        guard packet == nil else { return }
        try drainResampler(clock: clock, emit: emit)
        try queue.finish(emit: emit)
    }

    private var rate: AVRational { AVRational(num: 1, den: encoder.pointer.pointee.sample_rate) }

    /// Puts the decoded frame at its time.
    private func place(clock: SideClock, emit: (PacketHandle) throws -> Void) throws {
        let frame = input.pointer
        guard frame.pointee.nb_samples > 0, frame.pointee.sample_rate > 0 else { return }
        try prepareResampler(clock: clock, emit: emit)
        guard let resampler else { return }
        var place = (cursor ?? 0) + swr_get_delay(resampler.pointer, Int64(rate.den))
        let stamp = frame.pointee.best_effort_timestamp
        if stamp != bf_nopts_value() {
            let due = av_rescale_q(clock.shifted(stamp, sourceTimeBase), sourceTimeBase, rate)
            if cursor == nil {
                cursor = max(0, due)
                queue.start(at: max(0, due))
                place = due
            } else if Double(abs(due - place)) > Self.tolerance * Double(rate.den) {
                try drainResampler(clock: clock, emit: emit)
                try fillGap(to: due, emit: emit)
                try prepareResampler(clock: clock, emit: emit)
                place = due
            }
        }
        if cursor == nil { cursor = 0 }
        try convert(frame, skipping: max(0, (cursor ?? 0) - place), clock: clock, emit: emit)
    }

    private func fillGap(to due: Int64, emit: (PacketHandle) throws -> Void) throws {
        guard let at = cursor, due > at else { return }
        if Double(due - at) > Self.longestSilence * Double(rate.den) {
            try queue.jump(to: due, emit: emit)
        } else {
            try queue.appendSilence(due - at, emit: emit)
        }
        cursor = due
    }

    private func prepareResampler(clock: SideClock, emit: (PacketHandle) throws -> Void) throws {
        let frame = input.pointer
        if frame.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
            let channels = frame.pointee.ch_layout.nb_channels
            av_channel_layout_default(&frame.pointee.ch_layout, channels)
        }
        let found = FrameShape(
            rate: frame.pointee.sample_rate, channels: frame.pointee.ch_layout.nb_channels,
            mask: frame.pointee.ch_layout.u.mask, format: frame.pointee.format)
        guard found != shape else { return }
        try drainResampler(clock: clock, emit: emit)
        shape = found
        let e = encoder.pointer
        guard Self.rates.contains(found.rate) else {
            damaged += 1
            return
        }
        do {
            resampler = try ResamplerHandle(
                from: frame, rate: e.pointee.sample_rate, layout: &e.pointee.ch_layout, format: e.pointee.sample_fmt)
        } catch {
            resampler = nil
            damaged += 1
        }
    }

    private func drainResampler(clock: SideClock, emit: (PacketHandle) throws -> Void) throws {
        guard resampler != nil else { return }
        try convert(nil, skipping: 0, clock: clock, emit: emit)
        resampler = nil
        shape = nil
    }

    /// Resamples `frame` (nil: what the resampler holds back) into the queue, without its first `skipping` samples
    /// and without what lies past the output's end.
    private func convert(
        _ frame: UnsafeMutablePointer<AVFrame>?, skipping: Int64, clock: SideClock,
        emit: (PacketHandle) throws -> Void
    ) throws {
        guard let resampler else { return }
        let e = encoder.pointer
        let out = try FrameHandle()
        let room = swr_get_out_samples(resampler.pointer, frame?.pointee.nb_samples ?? 0)
        guard room > 0, room <= Self.greatestFrame else {
            if room != 0 { damaged += 1 }
            return
        }
        out.pointer.pointee.nb_samples = room
        out.pointer.pointee.format = e.pointee.sample_fmt.rawValue
        out.pointer.pointee.sample_rate = e.pointee.sample_rate
        guard av_channel_layout_copy(&out.pointer.pointee.ch_layout, &e.pointee.ch_layout) >= 0,
            av_frame_get_buffer(out.pointer, 0) >= 0
        else { throw LibavError.outOfMemory("av_frame_get_buffer") }
        let made: Int32
        if let frame {
            let channels = Int(frame.pointee.ch_layout.nb_channels)
            let planes = av_sample_fmt_is_planar(AVSampleFormat(rawValue: frame.pointee.format)) != 0 ? channels : 1
            var pointers = (0..<planes).map { UnsafePointer(frame.pointee.extended_data[$0]) }
            made = swr_convert(
                resampler.pointer, out.pointer.pointee.extended_data, room, &pointers, frame.pointee.nb_samples)
        } else {
            made = swr_convert(resampler.pointer, out.pointer.pointee.extended_data, room, nil, 0)
        }
        guard made >= 0 else {
            damaged += 1
            return
        }
        if silenceImpossible(in: out.pointer, samples: Int(made)) { damaged += 1 }
        var last = Int64(made)
        let at = cursor ?? 0
        if let end = clock.end {
            let limit = av_rescale_q(end &- clock.zero, SideClock.microseconds, rate)
            last = min(last, skipping + max(0, limit - at))
        }
        guard skipping < last else { return }
        cursor = at + last - skipping
        try queue.append(out, from: Int(skipping), to: Int(last), emit: emit)
    }

    /// Makes float samples 0 that are no number or far beyond full scale, which encoders refuse; whether there were any.
    private func silenceImpossible(in frame: UnsafeMutablePointer<AVFrame>, samples: Int) -> Bool {
        let format = AVSampleFormat(rawValue: frame.pointee.format)
        guard format == AV_SAMPLE_FMT_FLTP || format == AV_SAMPLE_FMT_FLT else { return false }
        let channels = Int(frame.pointee.ch_layout.nb_channels)
        let isPlanar = format == AV_SAMPLE_FMT_FLTP
        let count = isPlanar ? samples : samples * channels
        var found = false
        for plane in 0..<(isPlanar ? channels : 1) {
            guard let bytes = frame.pointee.extended_data[plane] else { continue }
            bytes.withMemoryRebound(to: Float.self, capacity: count) { values in
                for index in 0..<count where !(abs(values[index]) < 1e6) {
                    values[index] = 0
                    found = true
                }
            }
        }
        return found
    }
}
