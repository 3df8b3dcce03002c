import CKernels
import Tensors

/// One scale and one offset per channel: `[C, H, W]` to `[C, H, W]`, y = scale · x + offset.
package struct ChannelAffine: Layer {
    /// One scale per channel.
    package let scales: [Float]
    /// One offset per channel, added after scaling.
    package let offsets: [Float]

    /// Makes the layer from one scale and one offset per channel.
    package init(scales: [Float], offsets: [Float]) {
        precondition(scales.count == offsets.count, "\(scales.count) scales, \(offsets.count) offsets")
        self.scales = scales
        self.offsets = offsets
    }

    /// Makes the layer (x − mean) / deviation.
    package init(means: [Float], deviations: [Float]) {
        self.init(scales: deviations.map { 1 / $0 }, offsets: zip(means, deviations).map { -$0 / $1 })
    }

    package func forward(_ input: Tensor, in workspace: Workspace) -> Tensor {
        apply(to: input, offsets: offsets, in: workspace)
    }

    package func inputGradient(
        outputGradient: Tensor, input: Tensor, output: Tensor, in workspace: Workspace
    ) -> Tensor {
        apply(to: outputGradient, offsets: Array(repeating: 0, count: offsets.count), in: workspace)
    }

    private func apply(to input: Tensor, offsets: [Float], in workspace: Workspace) -> Tensor {
        precondition(
            input.shape.rank == 3 && input.shape[0] == scales.count,
            "\(scales.count) scales for an input \(input.shape)")
        var output = Tensor(uninitialized: input.shape, pool: workspace.pool)
        let (height, width) = (input.shape[1], input.shape[2])
        let affine = bf_kernels_current().pointee.layers.affine
        output.withMutableFloats { output in
            nonisolated(unsafe) let output = output
            workspace.rows.run(rows: scales.count * height, grain: max(1, (16 << 10) / max(width, 1))) { _, rows in
                input.withFloats { input in
                    guard let source = input.baseAddress, let destination = output.baseAddress else { return }
                    for row in rows {
                        affine?(
                            source + row * width, scales[row / height], offsets[row / height],
                            destination + row * width, width)
                    }
                }
            }
        }
        return output
    }
}
