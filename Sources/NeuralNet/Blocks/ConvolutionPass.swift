import Tensors

/// One 3×3 convolution with stride 1 of blocks, ready to run.
protocol ConvolutionPass: Sendable {
    /// Computes rows `outputRows` of `output`, which holds them and may have more blocks behind those that are written;
    /// their moments are added to `moments` where there are any.
    func run(
        _ input: BlockTensor, outputRows: Range<Int>, into output: inout BlockTensor,
        moments: inout ChannelMoments?, in workspace: Workspace)
}

extension ConvolutionPass {
    /// Stops where input and output are not what filters of `inputs` to `outputs` channels go with.
    func check(_ input: BlockTensor, _ output: BlockTensor, _ outputRows: Range<Int>, inputs: Int, outputs: Int) {
        precondition(
            input.channels == inputs && output.channels >= outputs && output.holds(outputRows),
            "\(input.channels) to \(output.channels) channels for \(inputs) to \(outputs), "
                + "rows \(outputRows) of \(output.rows)")
    }
}
