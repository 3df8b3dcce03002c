import CFFmpeg

/// Owns one `AVFrame`.
final class FrameHandle {
    let pointer: UnsafeMutablePointer<AVFrame>

    /// Allocates an empty frame.
    init() throws {
        guard let frame = av_frame_alloc() else { throw LibavError.outOfMemory("av_frame_alloc") }
        pointer = frame
        HandleCensus.born()
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&frame)
        HandleCensus.died()
    }
}
