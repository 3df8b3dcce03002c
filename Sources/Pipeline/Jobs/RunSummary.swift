/// What a run did.
public struct RunSummary: Sendable, Equatable {
    /// Frames written.
    public var frames: Int
    /// Of these, how many an earlier run had finished.
    public var framesBefore = 0
    /// Seconds from the first stage's beginning to the finished file.
    public var seconds: Double
    /// Damaged packets that were skipped.
    public var damagedPackets: Int
    /// The digest of the frames as they were handed to the encoder.
    public var digest: String
    /// What the user should know: streams left out, a row lost, a deinterlacing hint; a sentence each.
    public var notes: [String]
    /// Seconds that each stage waited for the one before it.
    public var waitsForInput: [String: Double]
}
