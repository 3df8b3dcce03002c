import Tensors

/// A painted frame on its way to a sink.
package struct PaintedFrame: Sendable {
    /// What is known of the frame that it was painted from.
    package let label: FrameLabel
    /// The painted picture.
    package let image: PlanarImage
    /// The picture that it was painted from, where a later stage asked for it: queues hold painted frames, and twice the
    /// memory otherwise.
    package let source: PlanarImage?
    /// Whether the frame is the first of a shot.
    package let startsShot: Bool

    package init(label: FrameLabel, image: PlanarImage, source: PlanarImage?, startsShot: Bool) {
        self.label = label
        self.image = image
        self.source = source
        self.startsShot = startsShot
    }
}
