import CFFmpeg
import Tensors

/// Gathers samples into an audio encoder's frames and encodes them.
final class EncoderQueue {
    private let encoder: CodecContextHandle
    private let samples: AudioFifoHandle
    private let frame: FrameHandle
    private let packet: PacketHandle
    /// The time of the first sample in `samples`, in samples.
    private var time: Int64 = 0
    private var hasSamples = false

    init(_ encoder: CodecContextHandle) throws {
        self.encoder = encoder
        samples = try AudioFifoHandle(
            format: encoder.pointer.pointee.sample_fmt, channels: encoder.pointer.pointee.ch_layout.nb_channels)
        frame = try FrameHandle()
        packet = try PacketHandle()
    }

    private var frameSize: Int { max(Int(encoder.pointer.pointee.frame_size), 1) }

    /// Sets the time of the first sample.
    func start(at time: Int64) { self.time = time }

    /// Adds samples `from..<to` of `source`, which is in the encoder's format.
    func append(_ source: FrameHandle, from: Int, to: Int, emit: (PacketHandle) throws -> Void) throws {
        let e = encoder.pointer.pointee
        let channels = Int(e.ch_layout.nb_channels)
        let planar = av_sample_fmt_is_planar(e.sample_fmt) != 0
        let step = Int(av_get_bytes_per_sample(e.sample_fmt)) * (planar ? 1 : channels)
        var pointers: [UnsafeMutableRawPointer?] = (0..<(planar ? channels : 1)).map { plane in
            source.pointer.pointee.extended_data[plane].map { UnsafeMutableRawPointer($0 + from * step) }
        }
        guard av_audio_fifo_write(samples.pointer, &pointers, Int32(to - from)) == Int32(to - from) else {
            throw LibavError.outOfMemory("av_audio_fifo_write")
        }
        hasSamples = true
        try encodeWholeFrames(emit: emit)
    }

    /// Adds `count` samples of silence.
    func appendSilence(_ count: Int64, emit: (PacketHandle) throws -> Void) throws {
        let silence = try FrameHandle()
        var left = Int(count)
        try prepare(silence, count: min(left, frameSize))
        let e = encoder.pointer.pointee
        while left > 0 {
            let part = min(left, frameSize)
            av_samples_set_silence(
                silence.pointer.pointee.extended_data, 0, Int32(part), e.ch_layout.nb_channels, e.sample_fmt)
            try append(silence, from: 0, to: part, emit: emit)
            left -= part
        }
    }

    /// Fills the frame that was begun with silence and goes on at another time.
    func jump(to newTime: Int64, emit: (PacketHandle) throws -> Void) throws {
        let begun = samples.count % frameSize
        if begun > 0 { try appendSilence(Int64(frameSize - begun), emit: emit) }
        time = newTime
    }

    /// Encodes what is left, and drains the encoder.
    func finish(emit: (PacketHandle) throws -> Void) throws {
        guard hasSamples else { return }
        if samples.count > 0 { try encode(samples.count, emit: emit) }
        _ = avcodec_send_frame(encoder.pointer, nil)
        try receive(emit: emit)
    }

    private func encodeWholeFrames(emit: (PacketHandle) throws -> Void) throws {
        while samples.count >= frameSize { try encode(frameSize, emit: emit) }
    }

    private func encode(_ count: Int, emit: (PacketHandle) throws -> Void) throws {
        av_frame_unref(frame.pointer)
        try prepare(frame, count: count)
        let e = encoder.pointer.pointee
        let planes = av_sample_fmt_is_planar(e.sample_fmt) != 0 ? Int(e.ch_layout.nb_channels) : 1
        var pointers = (0..<planes).map { UnsafeMutableRawPointer(frame.pointer.pointee.extended_data[$0]) }
        guard av_audio_fifo_read(samples.pointer, &pointers, Int32(count)) == Int32(count) else {
            throw BrushflowError(.internal, "the audio queue holds fewer than \(count) samples")
        }
        frame.pointer.pointee.pts = time
        time += Int64(count)
        let code = avcodec_send_frame(encoder.pointer, frame.pointer)
        guard code >= 0 else {
            throw LibavError.failure(.internal, "cannot encode audio", function: "avcodec_send_frame", code: code)
        }
        try receive(emit: emit)
    }

    private func receive(emit: (PacketHandle) throws -> Void) throws {
        while true {
            let code = avcodec_receive_packet(encoder.pointer, packet.pointer)
            if code == bf_averror_eagain() || code == bf_averror_eof() { return }
            guard code >= 0 else {
                throw LibavError.failure(
                    .internal, "cannot encode audio", function: "avcodec_receive_packet", code: code)
            }
            try emit(packet)
            av_packet_unref(packet.pointer)
        }
    }

    private func prepare(_ frame: FrameHandle, count: Int) throws {
        let e = encoder.pointer
        frame.pointer.pointee.nb_samples = Int32(count)
        frame.pointer.pointee.format = e.pointee.sample_fmt.rawValue
        frame.pointer.pointee.sample_rate = e.pointee.sample_rate
        guard av_channel_layout_copy(&frame.pointer.pointee.ch_layout, &e.pointee.ch_layout) >= 0,
            av_frame_get_buffer(frame.pointer, 0) >= 0
        else { throw LibavError.outOfMemory("av_frame_get_buffer") }
    }
}
