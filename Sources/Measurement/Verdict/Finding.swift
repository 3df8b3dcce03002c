/// One sentence of a verdict.
public struct Finding: Sendable, Equatable {
    /// How much it matters, the most first.
    public enum Weight: Int, Sendable, Comparable {
        /// The clips do not go together: the other figures are worth little.
        case fault
        /// Something is wrong with the picture.
        case warning
        /// What the figures say.
        case result
        /// Something is as it should be.
        case good
        /// What is missing to say more.
        case note

        /// The heavier first.
        public static func < (a: Weight, b: Weight) -> Bool { a.rawValue < b.rawValue }

        /// One word, for reports and JSON.
        public var word: String {
            switch self {
            case .fault: "fault"
            case .warning: "warning"
            case .result: "result"
            case .good: "good"
            case .note: "note"
            }
        }
    }

    /// How much it matters.
    public var weight: Weight
    /// The sentence.
    public var text: String

    /// Weighs a sentence.
    public init(_ weight: Weight, _ text: String) {
        self.weight = weight
        self.text = text
    }
}
