/// What was measured of one frame.
public struct FrameFigures: Sendable, Equatable {
    /// One figure of each clip.
    public struct Trio: Sendable, Equatable {
        /// Of the stylized frame.
        public var stylized: Double
        /// Of the source's.
        public var source: Double
        /// Of the independently painted frame, where there is one.
        public var independent: Double?
    }

    /// Counted from 0.
    public var index: Int
    /// Against the frame before; nil on the first frame of a shot.
    public var short: IntervalFigures?
    /// Against the frame ten before (`ClipMeasurer.longInterval`); nil where the shot is younger.
    public var long: IntervalFigures?
    /// Gradient energy: the mean squared difference of neighbouring pixels, values 0…1.
    public var sharpness: Trio
    /// Mean luma (BT.709's weights), 0…1.
    public var brightness: Trio
    /// Relative distance of Gram matrices from the painting's; nil without a style and on frames in between.
    public var styleDistance: Double?
    /// The independently painted frame's.
    public var independentStyleDistance: Double?
    /// Relative distance of content features from the source frame's; nil on frames in between.
    public var contentDistance: Double?
    /// Mean absolute change since the frame before, without motion compensation; nil on the first frame.
    public var change: Trio?

    /// Whether the frame is the first of a shot.
    public var startsShot: Bool { short == nil }
}
