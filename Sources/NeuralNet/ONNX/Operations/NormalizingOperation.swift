import Tensors

/// An operation that scales and shifts every channel of `[1, C, …]`; optionally ReLU behind.
protocol NormalizingOperation: ONNXOperation {
    /// By what.
    var parameters: ChannelNormalization { get }
    var isRectified: Bool { get set }
}

extension NormalizingOperation {
    var normalization: ChannelNormalization? { isRectified || outputShape.rank != 4 ? nil : parameters }

    func layout(of inputs: [ONNXLayout]) -> (inputs: [ONNXLayout], output: ONNXLayout) {
        outputShape.rank == 4 ? (inputs, inputs[0]) : ([.planes], .planes)
    }

    func run(blocks inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation {
        let blocks = inputs[0].takeFinishedBlocks(in: workspace)
        let moments = parameters.needsMoments ? blocks.moments(in: workspace) : nil
        return ONNXActivation(blocks, reading: parameters.reading(moments, rectified: isRectified))
    }

    func rectified() -> (any ONNXOperation)? {
        var copy = self
        copy.isRectified = true
        return copy
    }
}
