import Tensors

/// A painted frame on its way to a sink.
package struct PaintedFrame: Sendable {
    /// The frame that it was painted from.
    package let frame: SourceFrame
    /// The painted picture.
    package let image: PlanarImage
    /// Whether the frame is the first of a shot.
    package let startsShot: Bool

    package init(frame: SourceFrame, image: PlanarImage, startsShot: Bool) {
        self.frame = frame
        self.image = image
        self.startsShot = startsShot
    }
}
