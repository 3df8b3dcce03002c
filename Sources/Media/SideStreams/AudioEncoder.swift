import CFFmpeg
import Tensors

/// Opens an audio encoder at the setting nearest to the source's.
enum AudioEncoder {
    /// Bits per second and channel.
    private static let bitRate: [AVCodecID.RawValue: Int64] = [
        AV_CODEC_ID_AAC.rawValue: 96_000, AV_CODEC_ID_OPUS.rawValue: 64_000,
    ]

    /// - Parameters:
    ///   - rate: the source's samples per second; kept where the encoder can.
    ///   - channels: the source's channel count; kept in the default layout up to 8, else mixed down to stereo.
    static func open(
        _ codec: UnsafePointer<AVCodec>, rate: Int32, channels: Int32, globalHeader: Bool, label: String
    ) throws -> CodecContextHandle {
        var failure: Int32 = 0
        let wanted = (1...8).contains(channels) ? channels : 2
        for channels in wanted == 2 ? [2] : [wanted, 2] {
            let context = try CodecContextHandle(codec)
            let e = context.pointer
            e.pointee.sample_rate = supportedRate(codec, near: rate)
            e.pointee.time_base = AVRational(num: 1, den: e.pointee.sample_rate)
            e.pointee.sample_fmt = floatFormat(codec)
            e.pointee.bit_rate = (bitRate[codec.pointee.id.rawValue] ?? 96_000) * Int64(channels)
            e.pointee.flags |= AV_CODEC_FLAG_BITEXACT
            e.pointee.thread_count = 1
            if globalHeader { e.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
            av_channel_layout_default(&e.pointee.ch_layout, channels)
            failure = avcodec_open2(e, codec, nil)
            if failure >= 0 { return context }
        }
        throw LibavError.failure(.content, "\(label): cannot encode", function: "avcodec_open2", code: failure)
    }

    /// The lowest supported rate that is not below `rate`, else the highest.
    private static func supportedRate(_ codec: UnsafePointer<AVCodec>, near rate: Int32) -> Int32 {
        guard var next = codec.pointee.supported_samplerates else { return rate }
        var rates: [Int32] = []
        while next.pointee != 0 {
            rates.append(next.pointee)
            next += 1
        }
        if codec.pointee.id == AV_CODEC_ID_OPUS { return 48_000 }
        return rates.filter { $0 >= rate }.min() ?? rates.max() ?? rate
    }

    private static func floatFormat(_ codec: UnsafePointer<AVCodec>) -> AVSampleFormat {
        guard var next = codec.pointee.sample_fmts else { return AV_SAMPLE_FMT_FLTP }
        var formats: [AVSampleFormat] = []
        while next.pointee != AV_SAMPLE_FMT_NONE {
            formats.append(next.pointee)
            next += 1
        }
        return formats.first { $0 == AV_SAMPLE_FMT_FLTP || $0 == AV_SAMPLE_FMT_FLT } ?? formats.first
            ?? AV_SAMPLE_FMT_FLTP
    }
}
