import CFFmpeg

/// Owns one `AVCodecContext`.
final class CodecContextHandle {
    let pointer: UnsafeMutablePointer<AVCodecContext>

    /// Allocates an unopened context for `codec`.
    init(_ codec: UnsafePointer<AVCodec>) throws {
        guard let context = avcodec_alloc_context3(codec) else {
            throw LibavError.outOfMemory("avcodec_alloc_context3")
        }
        pointer = context
        HandleCensus.born()
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = pointer
        avcodec_free_context(&context)
        HandleCensus.died()
    }
}
