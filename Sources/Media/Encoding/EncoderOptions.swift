import CFFmpeg
import CKernels
import Foundation

/// What each encoder is told beyond size, rate and colours.
enum EncoderOptions {
    /// The options of the encoder itself.
    ///
    /// Where x264 hurries, it takes `superfast` with the look-ahead of `veryfast`: on a clip that a learned network had
    /// painted, six tenths of the CPU time of `veryfast` and seven hundredths more bytes at the same SSIM.
    static func dictionary(_ settings: EncoderSettings) -> [String: String] {
        var options: [String: String] = [:]
        if let crf = settings.crf {
            options["crf"] = settings.codec.takesFractionalCRF ? "\(crf)" : "\(Int(crf))"
        }
        let threads = settings.threads
        switch settings.codec {
        case .h264:
            options["preset"] = settings.preset ?? (settings.keepsPace ? "superfast" : "medium")
            if settings.preset == nil {
                options["rc-lookahead"] = "\(settings.keepsPace ? 10 : lookAhead)"
                if settings.keepsPace { options["mbtree"] = "1" }
            }
            if bf_kernels_at(BF_CPU_AVX512) != nil { options["x264-params"] = avoidingUndefinedLookAhead }
        case .hevc:
            options["preset"] = settings.preset ?? "medium"
            // Closed groups of pictures; no settings text in the stream; nothing on the terminal.
            options["x265-params"] =
                "log-level=none:info=0:open-gop=0:pools=\(threads):frame-threads=\(min(threads, 4))"
        case .av1:
            options["preset"] = settings.preset ?? "8"
            options["svtav1-params"] = "lp=\(threads)"
        case .vp9:
            options["deadline"] = "good"
            options["cpu-used"] = "3"
            options["row-mt"] = "1"
            options["b"] = "0"
        case .ffv1:
            options["level"] = "3"
            options["slicecrc"] = "1"
            options["slices"] = "4"
        case .prores:
            options["profile"] = "hq"
            options["vendor"] = "apl0"
        }
        return options
    }

    /// Frames that x264 looks ahead unless a preset was asked for or it hurries: each takes 3.3 MB at 1280×720 and 30 MB at
    /// 3840×2160, and `medium` has 40 of them.
    private static let lookAhead = 20

    /// x264's AVX-512 look-ahead (mbtree) reads past its rows where a frame is not a multiple of 128 pixels wide, so
    /// that its decisions depend on what the memory held before; its AVX2 code does not. Seen in x264 0.164 by
    /// encoding one clip under different `MALLOC_PERTURB_`.
    private static let avoidingUndefinedLookAhead = "asm=avx2"

    /// The frames by which a codec's packets are out of presentation order at most; `hasBFrames` is what the opened
    /// encoder says.
    static func reorderDelay(_ codec: VideoCodec, hasBFrames: Int32) -> Int {
        switch codec {
        case .h264: Int(max(hasBFrames, 0))
        // x265's B pyramid; libavcodec does not pass its delay on.
        case .hevc: 2
        case .av1, .vp9, .ffv1, .prores: 0
        }
    }

    /// Keeps SVT-AV1, which has a log of its own, off the terminal unless the user asked for it.
    static let silenceSVT: Void = {
        _ = setenv("SVT_LOG", "-1", 0)
    }()
}
