import CFFmpeg
import Tensors

/// Owns one `SwrContext`: sample rate, layout and format conversion of audio.
final class ResamplerHandle {
    let pointer: OpaquePointer

    /// Converts what `frame` holds into `rate`, `layout` and `format`.
    ///
    /// - Throws: `.content` where libswresample cannot.
    init(
        from frame: UnsafePointer<AVFrame>, rate: Int32, layout: UnsafeMutablePointer<AVChannelLayout>,
        format: AVSampleFormat
    ) throws {
        var made: OpaquePointer?
        var source = frame.pointee.ch_layout
        let sourceFormat = AVSampleFormat(rawValue: frame.pointee.format)
        var code = swr_alloc_set_opts2(
            &made, layout, format, rate, &source, sourceFormat, frame.pointee.sample_rate, 0, nil)
        if code >= 0 { code = swr_init(made) }
        guard code >= 0, let made else {
            swr_free(&made)
            throw LibavError.failure(.content, "cannot resample audio", function: "swr_init", code: code)
        }
        pointer = made
        HandleCensus.born()
    }

    deinit {
        var context: OpaquePointer? = pointer
        swr_free(&context)
        HandleCensus.died()
    }
}
