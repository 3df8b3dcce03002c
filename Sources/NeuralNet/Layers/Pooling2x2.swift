import CKernels
import Tensors

/// 2×2 pooling with stride 2: `[C, H, W]` to `[C, H / 2, W / 2]`, rounded down: an odd last row or column is
/// left out, as in PyTorch, and gets no gradient.
package struct Pooling2x2: Layer {
    /// What becomes of four pixels.
    package enum Kind: Sendable, Equatable {
        /// Their mean.
        case average
        /// The greatest; the gradient goes to the first greatest in row-major order.
        case max
    }

    /// What becomes of four pixels.
    package let kind: Kind

    /// Makes a pooling layer.
    package init(_ kind: Kind) { self.kind = kind }

    package func forward(_ input: Tensor, in workspace: Workspace) -> Tensor {
        precondition(
            input.shape.rank == 3 && input.shape[1] >= 2 && input.shape[2] >= 2, "2×2 pooling of \(input.shape)")
        var output = Tensor(uninitialized: outputShape(for: input.shape), pool: workspace.pool)
        let (height, width) = (output.shape[1], output.shape[2])
        let (fullHeight, fullWidth) = (input.shape[1], input.shape[2])
        let kernels = bf_kernels_current().pointee.layers
        let pool = kind == .average ? kernels.average_pool : kernels.max_pool
        output.withMutableFloats { output in
            nonisolated(unsafe) let output = output
            workspace.rows.run(rows: input.shape[0] * height, grain: Self.grain(width: fullWidth)) { _, rows in
                input.withFloats { input in
                    guard let source = input.baseAddress, let destination = output.baseAddress else { return }
                    for row in rows {
                        let top = source + (row / height * fullHeight + row % height * 2) * fullWidth
                        pool?(top, top + fullWidth, destination + row * width, width)
                    }
                }
            }
        }
        return output
    }

    package func inputGradient(
        outputGradient: Tensor, input: Tensor, output: Tensor, in workspace: Workspace
    ) -> Tensor {
        precondition(
            outputGradient.shape == outputShape(for: input.shape),
            "gradient \(outputGradient.shape) for 2×2 pooling of \(input.shape)")
        var gradient = Tensor(uninitialized: input.shape, pool: workspace.pool)
        let (height, width) = (outputGradient.shape[1], outputGradient.shape[2])
        let (fullHeight, fullWidth) = (input.shape[1], input.shape[2])
        let kernels = bf_kernels_current().pointee.layers
        gradient.withMutableFloats { gradient in
            nonisolated(unsafe) let gradient = gradient
            workspace.rows.run(rows: input.shape[0] * height, grain: Self.grain(width: fullWidth)) { _, rows in
                outputGradient.withFloats { outputGradient in
                    input.withFloats { input in
                        guard let source = input.baseAddress, let given = outputGradient.baseAddress,
                            let destination = gradient.baseAddress
                        else { return }
                        for row in rows {
                            let at = (row / height * fullHeight + row % height * 2) * fullWidth
                            let (top, bottom) = (destination + at, destination + at + fullWidth)
                            if kind == .average {
                                kernels.average_pool_gradient(given + row * width, top, bottom, width)
                            } else {
                                kernels.max_pool_gradient(
                                    given + row * width, source + at, source + at + fullWidth, top, bottom, width)
                            }
                            if fullWidth % 2 == 1 {
                                top[fullWidth - 1] = 0
                                bottom[fullWidth - 1] = 0
                            }
                            if fullHeight % 2 == 1, row % height == height - 1 {
                                (bottom + fullWidth).update(repeating: 0, count: fullWidth)
                            }
                        }
                    }
                }
            }
        }
        return gradient
    }

    private func outputShape(for input: Shape) -> Shape { [input[0], input[1] / 2, input[2] / 2] }

    /// Rows per stripe, for some 16 Ki floats each.
    private static func grain(width: Int) -> Int { max(1, (16 << 10) / width) }
}
