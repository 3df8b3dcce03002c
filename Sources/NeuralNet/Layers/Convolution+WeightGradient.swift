import CKernels
import Tensors

extension Convolution {
    /// Output rows of a stripe, whose sums are combined in Double.
    private static let stripe = 8

    /// The gradients to filters and bias from dL/doutput.
    ///
    /// For every tap it is an outer product of 16 input with 16 output channels, summed over the pixels that the tap joins.
    /// Stripes of rows are summed in Float32 by themselves and combined in their order in Double, so that threads change
    /// nothing.
    ///
    /// - Parameters:
    ///   - outputGradient: `[Cout, H', W']`; output: what `forward` gave for `input`.
    /// - Returns: `[Cout, Cin / groups, rows, columns]` and `[Cout]`.
    package func parameterGradients(
        outputGradient: Tensor, input: Tensor, output: Tensor, in workspace: Workspace
    ) -> (weight: Tensor, bias: Tensor) {
        precondition(
            input.shape.rank == 3 && input.shape[0] == inputs
                && outputGradient.shape == outputShape(height: input.shape[1], width: input.shape[2])
                && output.shape == outputGradient.shape,
            "gradient \(outputGradient.shape) of an output \(output.shape) for an input \(input.shape)")
        let parts = (0..<groups).map { group in
            func part(_ tensor: Tensor) -> Tensor {
                let size = tensor.shape[0] / groups
                return groups == 1 ? tensor : tensor.channels(group * size..<(group + 1) * size)
            }
            var gradient = BlockTensor(planar: part(outputGradient), in: workspace)
            if rectified {
                let output = BlockTensor(planar: part(output), in: workspace)
                gradient = BlockTensor(gradient: gradient, plus: nil, where: output, in: workspace)
            }
            return sums(gradient, part(input), in: workspace)
        }
        let weight = parts.flatMap(\.weight).map(Float.init)
        return (
            Tensor([outputs, inputs / groups, side.rows, side.columns], weight),
            Tensor([outputs], parts.flatMap(\.bias).map(Float.init))
        )
    }

    /// The sums of one group, `[outputs][inputs][rows][columns]` and `[outputs]`.
    private func sums(
        _ gradient: BlockTensor, _ input: Tensor, in workspace: Workspace
    ) -> (weight: [Double], bias: [Double]) {
        let blocks = BlockTensor(planar: input, in: workspace)
        let taps = side.rows * side.columns
        let size = taps * blocks.blockCount * gradient.blockCount * 256
        let stripes = ParallelRows.stripeCount(rows: gradient.fullHeight, grain: Self.stripe)
        var partials = Tensor(uninitialized: [stripes, size], pool: workspace.pool)
        partials.withMutableFloats { partials in
            nonisolated(unsafe) let partials = partials.baseAddress
            workspace.rows.run(rows: gradient.fullHeight, grain: Self.stripe) { stripe, rows in
                guard let partials else { return }
                accumulate(gradient, blocks, rows: rows, into: partials + stripe * size, in: workspace)
            }
        }
        var total = [Double](repeating: 0, count: size)
        total.withUnsafeMutableBufferPointer { total in
            partials.withFloats { partials in
                nonisolated(unsafe) let (total, partials) = (total, partials)
                workspace.rows.run(rows: size, grain: 4096) { _, range in
                    for stripe in 0..<stripes {
                        for index in range { total[index] += Double(partials[stripe * size + index]) }
                    }
                }
            }
        }
        var weight: [Double] = []
        weight.reserveCapacity(gradient.channels * input.shape[0] * taps)
        for output in 0..<gradient.channels {
            for input in 0..<input.shape[0] {
                for tap in 0..<taps {
                    let pair = (tap * blocks.blockCount + input / 16) * gradient.blockCount + output / 16
                    weight.append(total[pair * 256 + input % 16 * 16 + output % 16])
                }
            }
        }
        let pixels = Double(gradient.fullHeight * gradient.width)
        return (weight, ChannelMoments(of: gradient, in: workspace).means.map { $0 * pixels })
    }

    /// The outer products of one stripe, `[taps][input blocks][output blocks][16 inputs][16 outputs]`.
    private func accumulate(
        _ gradient: BlockTensor, _ input: BlockTensor, rows: Range<Int>, into sums: UnsafeMutablePointer<Float>,
        in workspace: Workspace
    ) {
        let first = rows.lowerBound * stride.rows
        let rowTable = rowAxis(input.fullHeight).table(
            first..<(rows.upperBound - 1) * stride.rows + (side.rows - 1) * dilation.rows + 1)
        let columnTable = columnAxis(input.width).table(
            0..<(gradient.width - 1) * stride.columns + (side.columns - 1) * dilation.columns + 1)
        var staged = Tensor(
            uninitialized: [input.blockCount * rowTable.count * columnTable.count * 16], pool: workspace.pool)
        let outer = bf_kernels_current().pointee.blocks.outer
        staged.withMutableFloats { staged in
            guard let base = staged.baseAddress else { return }
            let patch = StagedPatch(
                lanes: 16, blockCount: input.blockCount, rows: rowTable.count, columns: columnTable.count, floats: base)
            patch.stage(input, reading: nil, rowTable: rowTable[...], columnTable: columnTable[...])
            gradient.blocks.withFloats { gradients in
                guard let gradients = gradients.baseAddress else { return }
                for pair in 0..<side.rows * side.columns * input.blockCount {
                    let (tap, block) = (pair / input.blockCount, pair % input.blockCount)
                    let (down, across) = (tap / side.columns * dilation.rows, tap % side.columns * dilation.columns)
                    for row in rows {
                        outer?(
                            patch.row((row - rows.lowerBound) * stride.rows + down, block: block) + across * 16,
                            stride.columns * 16, gradients + gradient.offset(ofRow: row), gradient.blockStride,
                            gradient.blockCount, gradient.width, row == rows.lowerBound ? 1 : 0,
                            sums + pair * gradient.blockCount * 256)
                    }
                }
            }
        }
    }
}
