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

    /// The same on blocks of channels.
    package func forward(_ input: BlockTensor, in workspace: Workspace) -> BlockTensor {
        precondition(input.fullHeight >= 2 && input.width >= 2, "2×2 pooling of \(input.width)×\(input.fullHeight)")
        let (height, fullHeight, fullWidth) = (input.fullHeight / 2, input.fullHeight, input.width)
        var output = BlockTensor(
            channels: input.channels, rows: 0..<height, fullHeight: height, width: fullWidth / 2, pool: workspace.pool)
        let pool = bf_kernels_current().pointee.blocks.pool
        output.forEachRow(in: workspace) { block, row, pixels in
            input.blocks.withFloats { input in
                guard let top = input.baseAddress.map({ $0 + (block * fullHeight + row * 2) * fullWidth * 16 })
                else { return }
                pool?(top, top + fullWidth * 16, kind == .max ? 1 : 0, pixels, fullWidth / 2)
            }
        }
        return output
    }

    /// The same on blocks of channels; `rectified`: before the ReLU that wrote `input`.
    package func inputGradient(
        outputGradient: BlockTensor, input: BlockTensor, rectified: Bool = false, in workspace: Workspace
    ) -> BlockTensor {
        let (height, fullHeight, fullWidth) = (outputGradient.fullHeight, input.fullHeight, input.width)
        precondition(
            height == fullHeight / 2 && outputGradient.width == fullWidth / 2
                && outputGradient.channels == input.channels,
            "gradient of \(outputGradient.width)×\(height) for 2×2 pooling of \(fullWidth)×\(fullHeight)")
        var gradient = BlockTensor(
            channels: input.channels, rows: 0..<fullHeight, fullHeight: fullHeight, width: fullWidth,
            pool: workspace.pool)
        let kernel = bf_kernels_current().pointee.blocks.pool_gradient
        let row = fullWidth * 16
        gradient.forEachRow(in: workspace) { block, y, pixels in
            guard y / 2 < height else { return pixels.update(repeating: 0, count: row) }
            // Both rows of a pair come from the even one's turn.
            guard y % 2 == 0 else { return }
            input.blocks.withFloats { input in
                outputGradient.blocks.withFloats { given in
                    guard let input = input.baseAddress, let given = given.baseAddress else { return }
                    let top = input + (block * fullHeight + y) * row
                    kernel?(
                        given + (block * height + y / 2) * (fullWidth / 2) * 16, top, top + row, kind == .max ? 1 : 0,
                        rectified ? 1 : 0, pixels, pixels + row, fullWidth / 2)
                }
            }
            guard fullWidth % 2 == 1 else { return }
            for end in [pixels + row, pixels + 2 * row] { (end - 16).update(repeating: 0, count: 16) }
        }
        return gradient
    }

    private func outputShape(for input: Shape) -> Shape { [input[0], input[1] / 2, input[2] / 2] }

    /// Rows per stripe, for some 16 Ki floats each.
    private static func grain(width: Int) -> Int { max(1, (16 << 10) / width) }
}
