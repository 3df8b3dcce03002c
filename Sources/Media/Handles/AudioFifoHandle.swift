import CFFmpeg
import Tensors

/// Owns one `AVAudioFifo`: samples waiting to fill an encoder's frame.
final class AudioFifoHandle {
    let pointer: OpaquePointer

    /// Makes an empty queue.
    init(format: AVSampleFormat, channels: Int32) throws {
        guard let fifo = av_audio_fifo_alloc(format, channels, 1) else {
            throw LibavError.outOfMemory("av_audio_fifo_alloc")
        }
        pointer = fifo
        HandleCensus.born()
    }

    deinit {
        av_audio_fifo_free(pointer)
        HandleCensus.died()
    }

    /// The samples (of each channel) held.
    var count: Int { Int(av_audio_fifo_size(pointer)) }
}
