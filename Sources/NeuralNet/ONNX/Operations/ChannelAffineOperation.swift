import Tensors

/// One scale and one offset for every channel of `[1, C, …]`; optionally ReLU behind.
struct ChannelAffineOperation: NormalizingOperation {
    let layer: ChannelAffine
    let outputShape: Shape
    var isRectified = false

    var parameters: ChannelNormalization { .affine(scales: layer.scales, offsets: layer.offsets) }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let channels = layer.scales.count
        let width = outputShape[outputShape.rank - 1]
        let planes: Shape = [channels, outputShape.count / (channels * width), width]
        var result = layer.forward(inputs.removeFirst().reshaped(to: planes), in: workspace).reshaped(to: outputShape)
        if isRectified { UnaryOperation.rectify(&result, in: workspace) }
        return result
    }
}
