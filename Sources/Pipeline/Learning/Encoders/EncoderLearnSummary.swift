/// What came of training a slim encoder.
public struct EncoderLearnSummary: Sendable, Equatable {
    /// Steps taken in all, those before a resumption included.
    public var steps: Int
    /// Seconds that this run took, the examinations left out.
    public var seconds: Double
    /// Of these, seconds that were spent waiting for batches.
    public var secondsWaited: Double
    /// The encoder's figures at the beginning.
    public var before: EncoderFigures
    /// Its figures at the end.
    public var after: EncoderFigures
    /// What a user should know, a sentence each.
    public var notes: [String]
}
