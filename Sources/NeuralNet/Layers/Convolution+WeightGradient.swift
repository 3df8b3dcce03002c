import CKernels
import Tensors

extension Convolution {
    /// Output rows of a stripe, whose sums are combined in Double.
    private static let stripe = 8

    /// The gradients to filters and bias from dL/doutput.
    ///
    /// For every tap it is a matrix product that runs over the output's pixels: 16 output channels side by side, as
    /// they lie in the gradient's blocks, times the planes of the input that the tap meets. Stripes of rows are summed in
    /// Float32 by themselves and combined in their order in Double, so that threads change nothing.
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
        let (inputs, taps, blocks) = (input.shape[0], side.rows * side.columns, gradient.blockCount)
        // One element more than the inputs: a row of ones, whose product is the gradient to the bias.
        let perTap = blocks * (inputs + 1) * 16
        let stripes = ParallelRows.stripeCount(rows: gradient.fullHeight, grain: Self.stripe)
        var partial = Tensor(uninitialized: [stripes, taps, perTap], pool: workspace.pool)
        partial.withMutableFloats { partial in
            nonisolated(unsafe) let partial = partial.baseAddress
            workspace.rows.run(rows: gradient.fullHeight, grain: Self.stripe) { stripe, rows in
                guard let partial else { return }
                for column in 0..<side.columns {
                    accumulate(
                        gradient, input, rows: rows, column: column, into: partial + stripe * taps * perTap,
                        perTap: perTap, in: workspace)
                }
            }
        }
        var total = [Double](repeating: 0, count: taps * perTap)
        partial.withFloats { partial in
            for index in partial.indices { total[index % (taps * perTap)] += Double(partial[index]) }
        }
        var weight: [Double] = []
        func value(_ output: Int, _ input: Int, _ tap: Int) -> Double {
            total[tap * perTap + (output / 16 * (inputs + 1) + input) * 16 + output % 16]
        }
        for output in 0..<gradient.channels {
            for input in 0..<inputs { for tap in 0..<taps { weight.append(value(output, input, tap)) } }
        }
        return (weight, (0..<gradient.channels).map { value($0, inputs, 0) })
    }

    /// The products of one stripe with the taps of one filter column, all rows of filters.
    private func accumulate(
        _ gradient: BlockTensor, _ input: Tensor, rows: Range<Int>, column: Int,
        into partial: UnsafeMutablePointer<Float>, perTap: Int, in workspace: Workspace
    ) {
        let (inputs, height, width) = (input.shape[0], input.shape[1], input.shape[2])
        let rowAxis = ReadAxis(
            extent: height, padding: padding, before: pads.top, stride: stride.rows, dilation: dilation.rows)
        let columnAxis = ReadAxis(
            extent: width, padding: padding, before: pads.left, stride: stride.columns, dilation: dilation.columns)
        let first = rows.lowerBound * stride.rows
        let rowTable = rowAxis.table(
            first..<(rows.upperBound - 1) * stride.rows + (side.rows - 1) * dilation.rows + 1)
        let columnTable = (0..<gradient.width).map {
            columnAxis.index($0 * stride.columns + column * dilation.columns) ?? -1
        }
        let plane = rowTable.count * gradient.width
        var staged = Tensor(uninitialized: [(inputs + 1) * plane], pool: workspace.pool)
        staged.withMutableFloats { staged in
            input.withFloats { input in
                for channel in 0..<inputs {
                    for (index, row) in rowTable.enumerated() {
                        let to = channel * plane + index * gradient.width
                        let from = (channel * height + Int(row)) * width
                        for x in 0..<gradient.width {
                            staged[to + x] = row < 0 || columnTable[x] < 0 ? 0 : input[from + columnTable[x]]
                        }
                    }
                }
            }
            for index in inputs * plane..<(inputs + 1) * plane { staged[index] = 1 }
            let base = UnsafePointer(staged.baseAddress)
            gradient.blocks.withFloats { gradients in
                for tapRow in 0..<side.rows {
                    let segments = rows.map { row in
                        base.map {
                            $0 + ((row - rows.lowerBound) * stride.rows + tapRow * dilation.rows) * gradient.width
                        }
                    }
                    bf_kernels_current().pointee.blocks.product(
                        segments, segments.count, gradient.width, plane,
                        gradients.baseAddress.map { $0 + gradient.offset(ofRow: rows.lowerBound) },
                        gradient.blockStride, nil, partial + (tapRow * side.columns + column) * perTap,
                        (inputs + 1) * 16, gradient.blockCount, inputs + 1)
                }
            }
        }
    }
}
