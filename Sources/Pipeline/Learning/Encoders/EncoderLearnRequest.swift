/// Which encoder's features are to be carried by a slim one, and where that is learned.
public struct EncoderLearnRequest: LearningRequest {
    /// VGG-19's file.
    public var encoder: String
    /// A directory of photographs; the last twentieth of them is only examined with.
    public var photographs: String
    /// A directory of paintings, which optimised pictures shall look like; nil for the photographs.
    public var paintings: String?
    /// The slim encoder's file, `.safetensors`.
    public var output: String
    /// How long to learn.
    public var budget = LearnRequest.Budget.seconds(3600)
    /// Rows and columns of the pictures, a multiple of 16.
    public var side = 128
    /// Pictures a step, a multiple of 4.
    public var batch = 16
    /// The slim encoder to start from; nil for one that has learned nothing.
    public var base: LearnRequest.Base?
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
    package let budgetOptions = (steps: "--steps", time: "--time")

    /// Asks for a slim encoder in `output` that carries the features of `encoder`.
    public init(encoder: String, photographs: String, output: String) {
        self.encoder = encoder
        self.photographs = photographs
        self.output = output
    }
}
