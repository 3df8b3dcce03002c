import Tensors

/// Frame t of a clip with the way back to frame t−1.
public struct FlowedImage: Sendable {
    /// The motion from one frame into the one before it.
    public struct Motion: Sendable {
        /// From frame t into t−1.
        public var flow: FlowField
        /// Where `flow` can be trusted, in the coordinates of frame t.
        public var mask: ReliabilityMask

        /// Pairs a flow field with its mask; both have the same size.
        public init(flow: FlowField, mask: ReliabilityMask) {
            precondition(flow.width == mask.width && flow.height == mask.height, "flow and mask differ in size")
            self.flow = flow
            self.mask = mask
        }
    }

    /// Frame t.
    public var image: PlanarImage
    /// The motion into frame t−1, or nil on the first frame of a shot.
    public var motion: Motion?

    /// Pairs a frame with its motion.
    public init(image: PlanarImage, motion: Motion?) {
        self.image = image
        self.motion = motion
    }
}
