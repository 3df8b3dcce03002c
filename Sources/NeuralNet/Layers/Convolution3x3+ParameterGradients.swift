import Tensors

extension Convolution3x3 {
    /// Adds dL/dweight, `[Cout, Cin, 3, 3]`, and behind it dL/dbias, `[Cout]`, to the elements of `sums` from `position` on.
    /// By one thread.
    ///
    /// - Parameters:
    ///   - preactivationGradient: dL/doutput, `[Cout, H, W]`, 0 where ReLU wrote 0.
    ///   - input: what was read, `[Cin, H, W]`.
    package func addParameterGradients(
        preactivationGradient: BlockTensor, input: BlockTensor, to sums: inout Tensor, at position: Int,
        in workspace: Workspace
    ) {
        let weights = outputs * inputs * 9
        precondition(
            preactivationGradient.channels == outputs && input.channels == inputs
                && position >= 0 && position + weights + outputs <= sums.count,
            "gradients of \(inputs) to \(outputs) channels at \(position) of \(sums.count)")
        let pixels = Double(preactivationGradient.fullHeight * preactivationGradient.width)
        let means = ChannelMoments(of: preactivationGradient, in: workspace).means
        sums.withMutableFloats { sums in
            guard let first = sums.baseAddress.map({ $0 + position }) else { return }
            func axis(_ extent: Int) -> ReadAxis { ReadAxis(extent: extent, padding: padding, before: 1) }
            WinogradFilterGradient(rows: axis(input.fullHeight), columns: axis(input.width), reading: nil)
                .add(input: input, gradient: preactivationGradient, to: first, in: workspace)
            for (output, mean) in means.prefix(outputs).enumerated() { first[weights + output] += Float(mean * pixels) }
        }
    }
}
