import Tensors

/// A computation on tensors whose shapes are known: one node of a graph, or several fused, at one frame size.
/// Has one result.
protocol ONNXOperation: Sendable {
    /// The shape of the result.
    var outputShape: Shape { get }

    /// Whether the result holds elements of the inputs and nothing else, so that it serves for whole numbers too.
    var isMovement: Bool { get }

    /// Whether the result is written over an input of its shape that the caller has let go of.
    var overwritesInput: Bool { get }

    /// Multiply-adds of one run; only convolutions count.
    var multiplyAdds: Int { get }

    /// Bytes of packed filters and index tables, which are kept from run to run.
    var keptBytes: Int { get }

    /// Bytes beside inputs and result that grow with the frame, at most.
    var scratchBytes: Int { get }

    /// Elements that one run visits, beside multiply-adds.
    var visits: Int { get }

    /// The normalisation that this is, where it is one.
    var normalization: ChannelNormalization? { get }

    /// How the inputs must lie and how the result does, where the inputs lie as `inputs` says.
    func layout(of inputs: [ONNXLayout]) -> (inputs: [ONNXLayout], output: ONNXLayout)

    /// Computes the result. An input that the caller has let go of may be overwritten.
    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor

    /// The same on values that lie as `layout` says.
    func run(_ inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation

    /// The same where inputs are blocks, which `layout` allowed.
    func run(blocks inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation

    /// The same with ReLU behind it, or nil where it cannot be fused.
    func rectified() -> (any ONNXOperation)?

    /// The same with a normalisation behind it, or nil where it cannot be fused.
    func normalized(_ normalization: ChannelNormalization) -> (any ONNXOperation)?
}

extension ONNXOperation {
    var isMovement: Bool { false }
    var overwritesInput: Bool { false }
    var multiplyAdds: Int { 0 }
    var keptBytes: Int { 0 }
    var scratchBytes: Int { 0 }
    var visits: Int { outputShape.count }
    var normalization: ChannelNormalization? { nil }

    func layout(of inputs: [ONNXLayout]) -> (inputs: [ONNXLayout], output: ONNXLayout) {
        (inputs.map { _ in .planes }, .planes)
    }

    func run(_ inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation {
        if inputs.contains(where: \.isBlocks) { return run(blocks: &inputs, in: workspace) }
        var tensors: [Tensor] = []
        for index in inputs.indices { tensors.append(inputs[index].takePlanes()) }
        return ONNXActivation(run(&tensors, in: workspace))
    }

    func run(blocks inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation {
        preconditionFailure("an operation that knows planes only was handed blocks")
    }

    func rectified() -> (any ONNXOperation)? { nil }
    func normalized(_ normalization: ChannelNormalization) -> (any ONNXOperation)? { nil }
}
