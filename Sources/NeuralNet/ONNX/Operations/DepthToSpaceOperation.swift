import Tensors

/// Turns channels into pixels: splits them off, reorders axes and joins them with rows and columns.
struct DepthToSpaceOperation: ONNXOperation {
    /// The input seen with its channels split.
    let split: Shape
    let permutation: [Int]
    let outputShape: Shape
    var isMovement: Bool { true }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        var seen = [inputs.removeFirst().reshaped(to: split)]
        return TransposeOperation(permutation: permutation, inputShape: split).run(&seen, in: workspace)
            .reshaped(to: outputShape)
    }
}
