import CFFmpeg

/// The codecs that Brushflow writes, and what each can be told.
public enum VideoCodec: String, CaseIterable, Sendable {
    /// H.264 by x264.
    case h264
    /// H.265 by x265.
    case hevc
    /// AV1 by SVT-AV1.
    case av1
    /// VP9 by libvpx.
    case vp9
    /// FFV1, lossless.
    case ffv1
    /// ProRes 422 HQ.
    case prores

    /// The codec that a container gets where none is asked for.
    public static func standard(for container: OutputContainer) -> VideoCodec { container == .webm ? .vp9 : .h264 }

    /// libav's name of the encoder.
    var encoderName: String {
        switch self {
        case .h264: "libx264"
        case .hevc: "libx265"
        case .av1: "libsvtav1"
        case .vp9: "libvpx-vp9"
        case .ffv1: "ffv1"
        case .prores: "prores_ks"
        }
    }

    /// The containers that hold the codec.
    public var containers: [OutputContainer] {
        switch self {
        case .h264, .hevc: [.mp4, .mov, .mkv]
        case .av1, .vp9: [.mp4, .mkv, .webm]
        case .ffv1: [.mkv]
        case .prores: [.mov, .mkv]
        }
    }

    /// The constant rate factors that the codec takes; nil where it has none.
    public var crfRange: ClosedRange<Double>? {
        switch self {
        case .h264, .hevc: 0...51
        // SVT-AV1 reads 0 as "not given".
        case .av1: 1...63
        case .vp9: 0...63
        case .ffv1, .prores: nil
        }
    }

    /// The rate factor where none is asked for.
    public var standardCRF: Double? {
        switch self {
        case .h264: 18
        case .hevc: 20
        case .av1: 28
        case .vp9: 28
        case .ffv1, .prores: nil
        }
    }

    /// Whether rate factors may have a fraction.
    var takesFractionalCRF: Bool { self == .h264 || self == .hevc }

    /// The presets that the codec takes, fastest first; empty where it has none.
    public var presets: [String] {
        switch self {
        case .h264, .hevc:
            [
                "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow",
                "placebo",
            ]
        case .av1: (0...13).reversed().map { "\($0)" }
        case .vp9, .ffv1, .prores: []
        }
    }

    /// The bit depths that the codec writes.
    public var bitDepths: [Int] { self == .prores ? [10] : [8, 10] }

    /// Whether the width must be even.
    var halvesColumns: Bool { self == .h264 || self == .hevc || self == .av1 || self == .prores }

    /// Whether the height must be even.
    var halvesRows: Bool { self == .h264 || self == .hevc || self == .av1 }

    /// The pixel format that the encoder is given.
    func pixelFormat(bitDepth: Int) -> AVPixelFormat {
        switch self {
        case .h264, .hevc, .av1, .vp9: bitDepth == 8 ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_YUV420P10LE
        case .ffv1: bitDepth == 8 ? AV_PIX_FMT_YUV444P : AV_PIX_FMT_YUV444P10LE
        case .prores: AV_PIX_FMT_YUV422P10LE
        }
    }
}
