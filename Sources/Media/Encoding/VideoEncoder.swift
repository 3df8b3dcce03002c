import CFFmpeg
import Tensors

/// One encoder from its opening to its draining. Frames are numbered 0, 1, 2… and evenly spaced for it, so that
/// what it writes depends on nothing but the pictures and its settings.
final class VideoEncoder {
    let context: CodecContextHandle
    let pixelFormat: AVPixelFormat
    private let path: String
    private var frameCount: Int64 = 0
    private let waitsAtItsEnd: Bool
    private var isDrained = false

    /// Opens an encoder.
    ///
    /// - Parameters:
    ///   - description: with the size to encode and resolved colours.
    ///   - path: the output, for messages.
    /// - Throws: `.usage` where this libavcodec lacks the encoder, `.content` where it refuses.
    init(_ description: OutputVideoDescription, settings: EncoderSettings, path: String) throws {
        self.path = path
        guard let codec = avcodec_find_encoder_by_name(settings.codec.encoderName) else {
            throw BrushflowError(
                .usage,
                "\(path): this libavcodec has no encoder \(settings.codec.encoderName) for \(settings.codec.rawValue); "
                    + "choose another --codec")
        }
        waitsAtItsEnd = settings.codec == .av1
        if settings.codec == .av1 { EncoderOptions.silenceSVT }
        context = try CodecContextHandle(codec)
        pixelFormat = settings.codec.pixelFormat(bitDepth: settings.bitDepth)
        let rate = Self.nominalRate(description.frameRate, codec: settings.codec)
        let encoder = context.pointer
        encoder.pointee.width = Int32(clamping: description.width)
        encoder.pointee.height = Int32(clamping: description.height)
        encoder.pointee.pix_fmt = pixelFormat
        encoder.pointee.sample_aspect_ratio = description.sampleAspectRatio.libav
        encoder.pointee.time_base = AVRational(num: rate.denominator, den: rate.numerator)
        encoder.pointee.framerate = rate.libav
        encoder.pointee.colorspace = AVColorSpace(UInt32(bitPattern: description.color.matrix))
        encoder.pointee.color_primaries = AVColorPrimaries(UInt32(bitPattern: description.color.primaries))
        encoder.pointee.color_trc = AVColorTransferCharacteristic(UInt32(bitPattern: description.color.transfer))
        encoder.pointee.color_range = AVColorRange(UInt32(bitPattern: description.color.range.rawValue))
        if settings.codec.pixelFormat(bitDepth: 8) == AV_PIX_FMT_YUV420P {
            encoder.pointee.chroma_sample_location = AVCHROMA_LOC_LEFT
        }
        encoder.pointee.flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER
        encoder.pointee.flags |= Int32(bitPattern: AV_CODEC_FLAG_CLOSED_GOP)
        encoder.pointee.thread_count = Int32(clamping: settings.threads)
        if settings.codec == .ffv1 { encoder.pointee.gop_size = 1 }
        try start(codec, settings: settings)
    }

    deinit {
        // SVT-AV1 is closed only after the end of its stream, and waits for ever for that of a stream without a picture.
        guard waitsAtItsEnd, !isDrained, avcodec_is_open(context.pointer) != 0 else { return }
        if frameCount == 0, let frame = try? makeFrame() { try? send(frame) { _ in } }
        try? send(nil) { _ in }
    }

    private func start(_ codec: UnsafePointer<AVCodec>, settings: EncoderSettings) throws {
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        for (key, value) in EncoderOptions.dictionary(settings).sorted(by: { $0.key < $1.key }) {
            av_dict_set(&options, key, value, 0)
        }
        LibavLog.clear()
        let code = avcodec_open2(context.pointer, codec, &options)
        guard code >= 0 else {
            let size = "\(context.pointer.pointee.width)x\(context.pointer.pointee.height)"
            throw LibavError.failure(
                .content, "\(path): cannot encode \(size) as \(settings.codec.rawValue)", function: "avcodec_open2",
                code: code)
        }
        if let entry = av_dict_get(options, "", nil, AV_DICT_IGNORE_SUFFIX), let key = entry.pointee.key {
            throw BrushflowError(
                .internal, "\(path): \(settings.codec.encoderName) does not know the option '\(String(cString: key))'")
        }
    }

    /// The rate that the encoder is told; rates that encoders refuse become 25.
    private static func nominalRate(_ rate: Rational?, codec: VideoCodec) -> Rational {
        let bounds = codec == .av1 ? 1...240.0 : 0.01...1000.0
        guard let rate, rate.isPositive, bounds.contains(rate.value) else { return Rational(25, 1) }
        return rate
    }

    /// The parameter sets that a container stores apart from the packets.
    var parameterSets: [UInt8] {
        let size = Int(context.pointer.pointee.extradata_size)
        guard size > 0, let data = context.pointer.pointee.extradata else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: size))
    }

    /// A frame of the encoder's size and format to be filled.
    func makeFrame() throws -> FrameHandle {
        let frame = try FrameHandle()
        let value = frame.pointer
        value.pointee.width = context.pointer.pointee.width
        value.pointee.height = context.pointer.pointee.height
        value.pointee.format = pixelFormat.rawValue
        value.pointee.sample_aspect_ratio = context.pointer.pointee.sample_aspect_ratio
        value.pointee.colorspace = context.pointer.pointee.colorspace
        value.pointee.color_primaries = context.pointer.pointee.color_primaries
        value.pointee.color_trc = context.pointer.pointee.color_trc
        value.pointee.color_range = context.pointer.pointee.color_range
        value.pointee.chroma_location = context.pointer.pointee.chroma_sample_location
        guard av_frame_get_buffer(value, 0) >= 0 else { throw LibavError.outOfMemory("av_frame_get_buffer") }
        return frame
    }

    /// Takes the next frame, or the end where it is nil, and hands every packet that comes out to `emit`: its pts is
    /// the frame's number since the encoder was opened.
    func send(_ frame: FrameHandle?, emit: (PacketHandle) throws -> Void) throws {
        LibavLog.clear()
        if let frame {
            frame.pointer.pointee.pts = frameCount
            frameCount += 1
        } else {
            isDrained = true
        }
        // Every packet is taken after every frame, so the encoder is never full.
        try check(avcodec_send_frame(context.pointer, frame?.pointer), "avcodec_send_frame")
        while true {
            let packet = try PacketHandle()
            let code = avcodec_receive_packet(context.pointer, packet.pointer)
            if code == bf_averror_eagain() || code == bf_averror_eof() { return }
            try check(code, "avcodec_receive_packet")
            try emit(packet)
        }
    }

    private func check(_ code: Int32, _ function: String) throws {
        guard code < 0 else { return }
        throw LibavError.failure(
            .internal, "\(path): cannot encode frame \(max(frameCount - 1, 0))", function: function, code: code)
    }
}
