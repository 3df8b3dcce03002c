import Tensors

/// A 3×3 convolution with stride 1 and one pixel of padding, with bias and optionally ReLU behind it:
/// `[Cin, H, W]` to `[Cout, H, W]`, by Winograd's F(4×4, 3×3) where that is faster, forwards and backwards.
package struct Convolution3x3: Layer {
    /// Cin.
    package let inputs: Int
    /// Cout.
    package let outputs: Int
    /// What is read outside the input.
    package let padding: Padding
    /// Whether ReLU follows.
    package let rectified: Bool
    private let convolution: Convolution

    /// Packs the filters.
    ///
    /// - Parameters:
    ///   - weight: `[Cout, Cin, 3, 3]`, a correlation as in PyTorch.
    ///   - bias: `[Cout]`.
    ///   - padding: what is read outside the input.
    ///   - rectified: whether ReLU follows.
    package init(weight: Tensor, bias: Tensor, padding: Padding, rectified: Bool) {
        precondition(
            weight.shape.rank == 4 && weight.shape[2] == 3 && weight.shape[3] == 3
                && bias.shape == [weight.shape[0]] && weight.count > 0,
            "3×3 filters \(weight.shape) with bias \(bias.shape)"
        )
        outputs = weight.shape[0]
        inputs = weight.shape[1]
        self.padding = padding
        self.rectified = rectified
        convolution = Convolution(
            weight: weight, bias: bias, pads: .init(1), padding: padding, rectified: rectified, trainable: true)
    }

    package func forward(_ input: Tensor, in workspace: Workspace) -> Tensor {
        convolution.forward(input, in: workspace)
    }

    /// The output of planes in blocks.
    package func blocks(_ input: Tensor, in workspace: Workspace) -> BlockTensor {
        convolution.blocks(input, in: workspace)
    }

    /// The output of blocks; Cin at least 7.
    package func forward(_ input: BlockTensor, in workspace: Workspace) -> BlockTensor {
        convolution.forward(input, in: workspace)
    }

    package func inputGradient(
        outputGradient: Tensor, input: Tensor, output: Tensor, in workspace: Workspace
    ) -> Tensor {
        convolution.inputGradient(outputGradient: outputGradient, input: input, output: output, in: workspace)
    }

    /// dL/dinput as the layer before it needs it: with the gradient that a loss on that layer's output gives added, and,
    /// where ReLU wrote that output, before the ReLU.
    ///
    /// - Parameters:
    ///   - preactivationGradient: dL/doutput, `[Cout, H, W]`, 0 where ReLU wrote 0.
    ///   - addend: `[Cin, H, W]`.
    ///   - input: what was read, `[Cin, H, W]`, where ReLU wrote it.
    package func inputGradient(
        preactivationGradient: BlockTensor, plus addend: BlockTensor?, where input: BlockTensor?,
        in workspace: Workspace
    ) -> BlockTensor {
        convolution.inputGradient(
            preactivationGradient: preactivationGradient, height: preactivationGradient.fullHeight,
            width: preactivationGradient.width, plus: addend, where: input, in: workspace)
    }
}
