import Tensors

/// The filters of a transposed convolution, parted into one plain convolution for each phase of the stride: outputs
/// whose rows and columns leave the same remainders meet the same taps.
struct TransposedFilters: Sendable {
    /// The outputs of one pair of remainders.
    private struct Phase: Sendable {
        let row: Int
        let column: Int
        /// Nil where no tap meets them.
        let convolution: BlockConvolution?
    }

    private let phases: [Phase]
    private let outputs: Int
    private let strides: (rows: Int, columns: Int)
    private let bias: [Float]

    /// Parts the filters.
    ///
    /// - Parameters:
    ///   - weight: `[inputs, outputs, rows, columns]`, as PyTorch's ConvTranspose2d has it; output pixel
    ///     i · stride + k · dilation gets input pixel i times tap k.
    ///   - bias: `[outputs]` or empty for zeros.
    init(weight: Tensor, bias: [Float], strides: (rows: Int, columns: Int), dilations: (rows: Int, columns: Int)) {
        outputs = weight.shape[1]
        self.strides = strides
        self.bias = bias
        var phases: [Phase] = []
        for row in 0..<strides.rows {
            for column in 0..<strides.columns {
                let part = Self.part(weight, row: row, column: column, strides: strides, dilations: dilations)
                let convolution = part.map {
                    BlockConvolution(weight: $0, bias: bias, rectified: false, plain: true, blocksOnly: true)
                }
                phases.append(Phase(row: row, column: column, convolution: convolution))
            }
        }
        self.phases = phases
    }

    /// - Parameters:
    ///   - top, left: output rows and columns left out before the first that counts.
    ///   - height, width: of the output.
    ///   - reading: what becomes of the input as it is read.
    /// - Returns: `[outputs, height, width]`.
    func run(
        _ input: BlockTensor, reading: ChannelReading? = nil, top: Int, left: Int, height: Int, width: Int,
        in workspace: Workspace
    ) -> BlockTensor {
        var output = BlockTensor(
            channels: outputs, rows: 0..<height, fullHeight: height, width: width, pool: workspace.pool)
        let whole = strides.rows == 1 && strides.columns == 1
        for phase in phases {
            // Output o, counted without cropping, is quotient · stride + phase.
            let firstRow = (max(0, top - phase.row) + strides.rows - 1) / strides.rows
            let firstColumn = (max(0, left - phase.column) + strides.columns - 1) / strides.columns
            let (fromRow, fromColumn) = (
                firstRow * strides.rows + phase.row - top, firstColumn * strides.columns + phase.column - left
            )
            guard fromRow < height, fromColumn < width else { continue }
            let rows = (height - fromRow + strides.rows - 1) / strides.rows
            let columns = (width - fromColumn + strides.columns - 1) / strides.columns
            var part = BlockTensor(
                channels: outputs, rows: 0..<rows, fullHeight: rows, width: columns, pool: workspace.pool)
            if let convolution = phase.convolution {
                convolution.run(
                    .blocks(input, reading),
                    rows: ReadAxis(
                        extent: input.fullHeight, padding: .zero, before: convolution.rows - 1 - firstRow),
                    columns: ReadAxis(
                        extent: input.width, padding: .zero, before: convolution.columns - 1 - firstColumn),
                    into: &part, in: workspace)
            } else {
                part.fill(bias, in: workspace)
            }
            if whole { return part }
            output.interleave(
                part, row: fromRow, column: fromColumn, strides: strides, in: workspace)
        }
        return output
    }

    /// The taps that meet the outputs of a phase, turned round, `[outputs, inputs, rows, columns]`; nil if none do.
    private static func part(
        _ weight: Tensor, row: Int, column: Int, strides: (rows: Int, columns: Int),
        dilations: (rows: Int, columns: Int)
    ) -> Tensor? {
        let (inputs, outputs) = (weight.shape[0], weight.shape[1])
        let (height, width) = (weight.shape[2], weight.shape[3])
        func taps(_ extent: Int, _ dilation: Int, _ phase: Int, _ stride: Int) -> (
            count: Int, taps: [(tap: Int, at: Int)]
        ) {
            let taps = (0..<extent).filter { $0 * dilation % stride == phase }.map {
                (tap: $0, at: $0 * dilation / stride)
            }
            return ((taps.last?.at ?? -1) + 1, taps)
        }
        let (rows, rowTaps) = taps(height, dilations.rows, row, strides.rows)
        let (columns, columnTaps) = taps(width, dilations.columns, column, strides.columns)
        guard rows > 0, columns > 0 else { return nil }
        var part = Tensor([outputs, inputs, rows, columns])
        part.withMutableFloats { part in
            weight.withFloats { weight in
                for output in 0..<outputs {
                    for input in 0..<inputs {
                        let (to, from) = (output * inputs + input, input * outputs + output)
                        for (rowTap, y) in rowTaps {
                            for (columnTap, x) in columnTaps {
                                part[(to * rows + rows - 1 - y) * columns + columns - 1 - x] =
                                    weight[(from * height + rowTap) * width + columnTap]
                            }
                        }
                    }
                }
            }
        }
        return part
    }
}
