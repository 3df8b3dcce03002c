import Tensors

/// One scale and one offset for every channel of `[1, C, …]`; optionally ReLU behind.
struct ChannelAffineOperation: ONNXOperation {
    let layer: ChannelAffine
    let outputShape: Shape
    var isRectified = false

    func rectified() -> (any ONNXOperation)? {
        var copy = self
        copy.isRectified = true
        return copy
    }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let channels = layer.scales.count
        let width = outputShape[outputShape.rank - 1]
        let planes: Shape = [channels, outputShape.count / (channels * width), width]
        let result = layer.forward(inputs.removeFirst().reshaped(to: planes), in: workspace).reshaped(to: outputShape)
        guard isRectified else { return result }
        var results = [result]
        return UnaryOperation(function: .relu, outputShape: outputShape).run(&results, in: workspace)
    }
}
