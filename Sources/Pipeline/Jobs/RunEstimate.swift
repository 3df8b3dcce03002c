/// What a run is expected to cost, scaled up from a trial on its first frame.
public struct RunEstimate: Sendable, Equatable {
    /// Seconds a frame.
    public var secondsPerFrame: Double
    /// Seconds for all frames, where their number is known.
    public var seconds: Double?
    /// Bytes of memory at the peak.
    public var memory: Int
}
