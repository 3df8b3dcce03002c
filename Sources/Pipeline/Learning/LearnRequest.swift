/// What is to be learned, and from what.
public struct LearnRequest: LearningRequest {
    /// How long to learn.
    public enum Budget: Sendable, Hashable {
        /// So many steps; 0, from a base, takes its styles over as they are.
        case steps(Int)
        /// So many seconds, turned into steps once, by timing a few.
        case seconds(Double)
    }

    /// A network that has learned something.
    public enum Base: Sendable, Hashable {
        /// The one that ships.
        case bundled
        /// A file that was learned before.
        case file(String)
    }

    /// The paintings, at least one.
    public var styles: [LearnStyle]
    /// The network's file, `.safetensors`.
    public var output: String
    /// What training pairs are cut from: a directory of photographs, a clip, or an image; nil for drawn pictures.
    public var photographs: String?
    /// How long to learn.
    public var budget = Budget.seconds(60)
    /// Rows and columns of the training frames, a multiple of 16.
    public var side = 192
    /// Training pairs a step.
    public var batch = 4
    /// The network to start from; nil for one that has learned nothing.
    public var base: Base?
    /// The perceptual encoder; nil for the slim one inside the binary.
    public var encoder: String?
    /// Seeds everything random.
    public var seed: UInt64 = 0
    /// Threads; nil for one per core.
    public var threads: Int?
    /// Where the state of the run is kept; nil for a file beside the output.
    public var checkpoint: String?
    /// Whether to go on from the checkpoint.
    public var resumes = false
    /// Whether existing files are replaced.
    public var overwrite = false

    /// What messages call the budget.
    package var budgetOptions = (steps: "--steps", time: "--time")

    /// Asks for `styles` to be learned into `output`.
    public init(styles: [LearnStyle], output: String) {
        self.styles = styles
        self.output = output
    }
}
