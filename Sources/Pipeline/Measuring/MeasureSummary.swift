import Measurement

/// What a measurement found.
public struct MeasureSummary: Sendable {
    /// Every figure.
    public var figures: ClipFigures
    /// What they mean, the most important first.
    public var verdict: Verdict
    /// What the user should know of the clips, a sentence each.
    public var notes: [String]
    /// Seconds that it took.
    public var seconds: Double
}
