import Tensors

/// A painted frame on its way to a sink.
package struct PaintedFrame: Sendable {
    /// What is known of the frame that it was painted from.
    package let label: FrameLabel
    /// The painted picture.
    package var image: PlanarImage
    /// The picture that it was painted from, where a later stage asked for it: queues hold painted frames, and twice the
    /// memory otherwise.
    package var source: PlanarImage?
    /// Whether the frame is the first of a shot.
    package let startsShot: Bool
    /// Where a chunk ends with this frame within a shot: what the next one reads.
    package var memory: PaintingMemory?
    /// The digest of the run's painted frames up to this one.
    package var digest = ContentDigest()

    package init(
        label: FrameLabel, image: PlanarImage, source: PlanarImage?, startsShot: Bool, memory: PaintingMemory? = nil
    ) {
        self.label = label
        self.image = image
        self.source = source
        self.startsShot = startsShot
        self.memory = memory
    }
}
