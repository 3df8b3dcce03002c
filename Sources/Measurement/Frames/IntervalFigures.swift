/// How much pictures differ from those an interval earlier, moved along the source's flow.
public struct IntervalFigures: Sendable, Equatable {
    /// The two figures of one clip, which are not to be mixed.
    public struct Errors: Sendable, Equatable {
        /// E_warp (Lai et al. 2018): the mean squared difference over reliable pixels and channels, values 0…1.
        public var warp: Double
        /// Temporal RMSE (ReReVST): the root of the mean over all pixels of the masked squared difference.
        public var root: Double

        /// Pairs the figures.
        public init(warp: Double, root: Double) {
            self.warp = warp
            self.root = root
        }
    }

    /// Of the stylized clip.
    public var stylized: Errors
    /// Of the source with the same flow: the noise floor.
    public var source: Errors
    /// Of the independently painted frames: the upper bracket; nil where they are not known.
    public var independent: Errors?
    /// The share of pixels of known flow that is not reliable, 0…1.
    public var occluded: Double
    /// Pixels whose flow the ground truth does not know; they enter no figure.
    public var unknown: Int

    /// E_warp over the noise floor.
    public var excess: Double { stylized.warp - source.warp }
}
