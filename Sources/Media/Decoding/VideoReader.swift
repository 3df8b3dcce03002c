import CFFmpeg
import Tensors

/// Decodes the main video stream of a file, frame by frame in presentation order.
package final class VideoReader {
    /// What the header says.
    package let info: MediaInfo
    /// What a user should know of the source, a sentence each; complete after the last frame.
    package private(set) var notes: [String] = []
    /// The damaged packets skipped so far.
    package private(set) var damagedPackets = 0

    /// Opens a file.
    package init(path: String, options: VideoReadOptions = VideoReadOptions()) throws {
        throw BrushflowError(.internal, "\(path): not yet")
    }

    /// The next frame, or nil after the last.
    package func next() throws -> VideoFrame? { nil }
}
