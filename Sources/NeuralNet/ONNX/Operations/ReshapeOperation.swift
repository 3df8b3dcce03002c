import Tensors

/// The same elements under another shape; copies nothing.
struct ReshapeOperation: ONNXOperation {
    let outputShape: Shape
    var isMovement: Bool { true }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        inputs.removeFirst().reshaped(to: outputShape)
    }
}
