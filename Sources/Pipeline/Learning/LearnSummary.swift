/// What came of learning.
public struct LearnSummary: Sendable, Equatable {
    /// Steps taken in all, those before a resumption included.
    public var steps: Int
    /// Seconds that this run took.
    public var seconds: Double
    /// Of these, seconds that were spent waiting for training pairs.
    public var secondsWaited: Double
    /// The mean loss of the first twentieth of the steps.
    public var firstLoss: Double
    /// The mean loss of the last twentieth of the steps.
    public var lastLoss: Double
    /// What a user should know, a sentence each.
    public var notes: [String]
}
