import Tensors

/// Brings `[1, C, H, W]` from planes to blocks or back, at the border between operations that know blocks and those that
/// do not.
struct LayoutOperation: ONNXOperation {
    let outputShape: Shape
    /// How the result lies; the input lies the other way.
    let target: ONNXLayout

    func layout(of inputs: [ONNXLayout]) -> (inputs: [ONNXLayout], output: ONNXLayout) {
        ([target == .planes ? .blocks : .planes], target)
    }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor { inputs.removeFirst() }

    func run(_ inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation {
        switch target {
        case .planes:
            let planes = inputs[0].takeFinishedBlocks(in: workspace).planar(in: workspace)
            return ONNXActivation(planes.reshaped(to: outputShape))
        case .blocks:
            let planes: Shape = [outputShape[1], outputShape[2], outputShape[3]]
            return ONNXActivation(BlockTensor(planar: inputs[0].takePlanes().reshaped(to: planes), in: workspace))
        }
    }
}
