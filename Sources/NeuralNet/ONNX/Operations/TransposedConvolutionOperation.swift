import Tensors

/// A transposed convolution of `[1, Cin, H, W]` at a known size; optionally ReLU behind.
struct TransposedConvolutionOperation: ONNXOperation {
    let kernel: GatheredConvolution
    var isRectified = false

    var outputShape: Shape { kernel.outputShape }
    var multiplyAdds: Int { kernel.multiplyAdds }

    func rectified() -> (any ONNXOperation)? { TransposedConvolutionOperation(kernel: kernel, isRectified: true) }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        kernel.run(inputs.removeFirst(), isRectified: isRectified, in: workspace)
    }
}
