/// One operation of a plan: what it reads, and where its result goes.
struct ONNXStep: Sendable {
    /// What an operation reads.
    enum Source: Sendable {
        /// The result of another step, or the image.
        case slot(Int)
        case constant(ONNXConstant)
    }

    var operation: any ONNXOperation
    var sources: [Source]
    /// Where the result goes.
    var slot: Int
    /// The node, as it is called in messages; of those that are fused the one with the most multiply-adds.
    var label: String
    /// The slots that nobody reads after this step.
    var releases: [Int] = []
    /// Bytes of the result.
    var bytes = 0
}
