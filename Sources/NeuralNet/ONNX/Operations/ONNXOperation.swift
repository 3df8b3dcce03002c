import Tensors

/// A computation on tensors whose shapes are known: one node of a graph, or several fused, at one frame size.
/// Has one result.
protocol ONNXOperation: Sendable {
    /// The shape of the result.
    var outputShape: Shape { get }

    /// Whether the result holds elements of the inputs and nothing else, so that it serves for whole numbers too.
    var isMovement: Bool { get }

    /// Multiply-adds of one run; only convolutions count.
    var multiplyAdds: Int { get }

    /// Computes the result. An input that the caller has let go of may be overwritten.
    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor

    /// The same with ReLU behind it, or nil where it cannot be fused.
    func rectified() -> (any ONNXOperation)?
}

extension ONNXOperation {
    var isMovement: Bool { false }
    var multiplyAdds: Int { 0 }
    func rectified() -> (any ONNXOperation)? { nil }
}
