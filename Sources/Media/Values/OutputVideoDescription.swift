/// The video that a `VideoWriter` is given, before anything that its codec or container cannot hold.
public struct OutputVideoDescription: Hashable, Sendable {
    /// Columns of the pictures that are written.
    public var width: Int
    /// Rows of the pictures that are written.
    public var height: Int
    /// Width of a pixel over its height.
    public var sampleAspectRatio: Rational
    /// Seconds per tick of the time stamps that are written.
    public var timeBase: Rational
    /// The average frames per second; 25/1 is assumed, for the encoder's rate control only, where it is nil.
    public var frameRate: Rational?
    /// The colours to write; unspecified entries are resolved by size.
    public var color: ColorDescription
    /// Nine fixed-point values, libav's order; nil for upright pictures.
    public var displayMatrix: [Int32]?

    /// Describes an output.
    public init(
        width: Int, height: Int, sampleAspectRatio: Rational = Rational(1, 1), timeBase: Rational,
        frameRate: Rational? = nil, color: ColorDescription = ColorDescription(), displayMatrix: [Int32]? = nil
    ) {
        precondition(width >= 1 && height >= 1, "an output of \(width)×\(height)")
        precondition(timeBase.isPositive, "an output time base of \(timeBase)")
        self.width = width
        self.height = height
        self.sampleAspectRatio = sampleAspectRatio
        self.timeBase = timeBase
        self.frameRate = frameRate
        self.color = color
        self.displayMatrix = displayMatrix
    }
}
