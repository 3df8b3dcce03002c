import Media

/// What a run will do, known before it begins.
public struct RunPlan: Sendable, Equatable {
    /// Where the frames come from.
    public var input: String
    /// Where the result goes.
    public var output: String
    /// The painting.
    public var style: String
    /// Columns of the frames that are painted.
    public var width: Int
    /// Rows of the frames that are painted.
    public var height: Int
    /// How many frames there will be, where the source says so.
    public var frames: Int?
    /// Frames a second, where the source says so.
    public var frameRate: Rational?
    /// The most frames in memory at once.
    public var framesInFlight: Int
}
