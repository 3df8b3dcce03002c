import Tensors

/// Takes one index of an axis and drops the axis.
struct SelectOperation: ONNXOperation {
    let copy: IndexedCopyOperation
    let outputShape: Shape
    var isMovement: Bool { copy.isMovement }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        copy.run(&inputs, in: workspace).reshaped(to: outputShape)
    }
}
