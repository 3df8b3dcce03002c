import Media
import Tensors

/// A frame as its source gives it: those of a video as they were decoded, an eighth of the memory that their pictures
/// take in Float32, so that they are what waits in queues.
package struct DecodedFrame: Sendable {
    /// What there is of the picture.
    package enum Content: Sendable {
        /// A frame in the decoder's pixel format.
        case video(VideoFrame)
        /// A picture.
        case image(PlanarImage)
    }

    /// What there is of the picture.
    package let content: Content
    /// What else is known of the frame.
    package let label: FrameLabel

    package init(_ content: Content, label: FrameLabel) {
        self.content = content
        self.label = label
    }
}
