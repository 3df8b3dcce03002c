import CFFmpeg

/// Owns one `SwsContext` that repacks pixels of one size and format into another format.
final class ScalerHandle {
    let pointer: OpaquePointer
    /// Columns, rows and the two formats that it was made for.
    let width: Int32
    let height: Int32
    let source: AVPixelFormat
    let target: AVPixelFormat

    /// - Returns: nil where swscale cannot convert `source`.
    init?(width: Int32, height: Int32, source: AVPixelFormat, target: AVPixelFormat) {
        let flags = SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BICUBIC | SWS_BITEXACT
        guard sws_isSupportedInput(source) != 0, sws_isSupportedOutput(target) != 0,
            let context = sws_getContext(width, height, source, width, height, target, flags, nil, nil, nil)
        else { return nil }
        pointer = context
        self.width = width
        self.height = height
        self.source = source
        self.target = target
        HandleCensus.born()
    }

    deinit {
        sws_freeContext(pointer)
        HandleCensus.died()
    }
}
