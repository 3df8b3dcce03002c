import CKernels
import Tensors

/// One 3×3 convolution with stride 1 by Winograd's F(4×4, 3×3), 36 products a tile of 16 outputs instead of 144, or by
/// F(6×6, 3×3), 64 a tile of 36 instead of 324.
///
/// Two orders of work. Layers whose tiles fit take a block of tiles through all three steps within a core's
/// second-level cache. Wide ones, whose transformed filters are larger than the third-level cache's share, take many
/// tiles through one step after the other, so that the filters are read from memory once for all of them.
///
/// A picture that is read at twice its size needs not be read so: with filters of four phases its tiles are transformed as they
/// are, a quarter as many, and 15 of 64 products are zero.
struct WinogradPass: ConvolutionPass {
    /// One, or four where pixels are read at twice their size.
    let phases: [WinogradPhase]
    /// One per output channel, whole blocks.
    let bias: [Float]
    let rows: ReadAxis
    let columns: ReadAxis
    let reading: ChannelReading?
    /// Whether max(·, 0) is written.
    let rectified: Bool

    /// The most floats of transformed tiles and products in flight in the second order. Filters are read once for all of
    /// them: 240 tiles of 512 channels reached 123 GFLOP/s a core on a Sapphire Rapids, 84 tiles 106.
    private static let sharedFloats = 6 << 20

    private var filters: WinogradFilters { phases[0].filters }
    /// Outputs of a pixel, along either axis.
    private var step: Int { phases.count > 1 ? 2 : 1 }

    /// A convolution of pixels as `rows` and `columns` read them.
    init(
        filters: WinogradFilters, bias: [Float], rows: ReadAxis, columns: ReadAxis, reading: ChannelReading?,
        rectified: Bool
    ) {
        phases = [WinogradPhase(filters)]
        (self.bias, self.rows, self.columns) = (bias, rows, columns)
        (self.reading, self.rectified) = (reading, rectified)
    }

    /// A convolution of pixels that are read at twice their size, as `WinogradPhase.enlarging` has its filters.
    init(
        enlarging phases: [WinogradPhase], bias: [Float], rows: ReadAxis, columns: ReadAxis, reading: ChannelReading?
    ) {
        self.phases = phases
        (self.bias, self.rows, self.columns) = (bias, rows.unenlarged, columns.unenlarged)
        (self.reading, rectified) = (reading, false)
    }

    func run(
        _ input: BlockTensor, outputRows: Range<Int>, into output: inout BlockTensor,
        moments: inout ChannelMoments?, in workspace: Workspace
    ) {
        check(input, output, outputRows, inputs: filters.inputs, outputs: filters.outputs)
        precondition(
            outputRows.lowerBound % step == 0 && outputRows.upperBound % step == 0 && output.width % step == 0,
            "rows \(outputRows) of \(output.width) columns, of phases of \(step)")
        let (side, positions, step) = (filters.form.side, filters.form.positions, step)
        let grid = WinogradGrid(
            rows: outputRows.lowerBound / step..<outputRows.upperBound / step, width: output.width / step, side: side)
        let rowTable = grid.rowTable(rows, held: input.rows)
        let columnTable = columns.table(0..<grid.across * side + 2)
        let (width, offset) = (output.width, output.offset(ofRow: outputRows.lowerBound))
        let (inputStride, outputStride) = (input.blockStride, output.blockStride)
        var found = moments
        output.blocks.withMutableFloats { pixels in
            lend(input, rowTable, columnTable) { source, scales, offsets, rowTable, columnTable, bias, packed in
                let read = bf_winograd_source(
                    pixels: source, width: input.width, block_stride: inputStride, side: CInt(side),
                    tiles_across: grid.across, rows: rowTable, columns: columnTable, scales: scales, offsets: offsets,
                    rectify: reading?.rectified == true ? 1 : 0)
                let outputs = zip(phases, packed).map { phase, packed in
                    let target = bf_winograd_target(
                        pixels: pixels.baseAddress.map { $0 + offset + (phase.row * width + phase.column) * 16 },
                        width: width / step, height: outputRows.count / step, step: CInt(step),
                        block_stride: outputStride, side: CInt(side),
                        tiles_across: grid.across, bias: bias, rectify: rectified ? 1 : 0)
                    return WinogradJob.Output(target: target, packed: packed, phase: phase)
                }
                let job = WinogradJob(
                    source: read, outputs: outputs, tiles: grid.count, form: filters.form, depth: filters.depth,
                    outputBlocks: filters.outputBlocks)
                let (tile, together) = (positions * filters.depth, filters.form.tiles)
                if filters.form.fitsACore(depth: filters.depth) {
                    let fitting = max(filters.form.leastTiles, filters.form.bestFloats / tile / together * together)
                    job.runByBlock(of: fitting, moments: &found, in: workspace)
                } else {
                    let most = max(56, Self.sharedFloats / (positions * (filters.depth + filters.outputBlocks * 16)))
                    let parts = (grid.count + most - 1) / most
                    let part = (grid.count + parts - 1) / parts
                    job.runByStep(
                        of: (part + together - 1) / together * together, moments: &found, in: workspace)
                }
            }
        }
        moments = found
    }

    /// Lends the packed filters of all phases.
    private func lendFilters(
        _ lent: [UnsafePointer<Float>] = [], _ body: ([UnsafePointer<Float>]) -> Void
    ) {
        guard lent.count < phases.count else { return body(lent) }
        phases[lent.count].filters.packed.withFloats { packed in
            guard let packed = packed.baseAddress else { return }
            lendFilters(lent + [packed], body)
        }
    }

    private func lend(
        _ input: BlockTensor, _ rowTable: [Int32], _ columnTable: [Int32],
        _ body: (
            UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Int32>?,
            UnsafePointer<Int32>?, UnsafePointer<Float>?, [UnsafePointer<Float>]
        ) -> Void
    ) {
        let (scales, offsets) = (reading?.scales ?? [], reading?.offsets ?? [])
        input.blocks.withFloats { source in
            scales.withUnsafeBufferPointer { scales in
                offsets.withUnsafeBufferPointer { offsets in
                    rowTable.withUnsafeBufferPointer { rowTable in
                        columnTable.withUnsafeBufferPointer { columnTable in
                            bias.withUnsafeBufferPointer { bias in
                                lendFilters { packed in
                                    body(
                                        source.baseAddress, reading == nil ? nil : scales.baseAddress,
                                        reading == nil ? nil : offsets.baseAddress, rowTable.baseAddress,
                                        columnTable.baseAddress, bias.baseAddress, packed)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
