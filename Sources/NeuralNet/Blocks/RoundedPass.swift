import CKernels
import Tensors

/// One 3×3 convolution with stride 1 in bfloat16, with sums in Float32: each stripe of rows is rounded once, its border and
/// normalisation done, and then multiplied where it lies.
struct RoundedPass: ConvolutionPass {
    let filters: RoundedFilters
    /// One per output channel, whole blocks.
    let bias: [Float]
    let rows: ReadAxis
    let columns: ReadAxis
    let reading: ChannelReading?
    /// What stands for the input's last blocks, which are not read then.
    let pixels: ShuffledPlanes?

    /// Numbers of a stripe's rounded pixels: a share of a core's second-level cache.
    private static let patchNumbers = 256 << 10

    /// How a stripe's rounded pixels lie: `[rows][chunks][columns][32]`.
    private struct Patch {
        let numbers: UnsafeMutablePointer<UInt16>
        let columns: Int
        let rowNumbers: Int

        func row(_ row: Int, chunk: Int) -> UnsafeMutablePointer<UInt16> {
            numbers + row * rowNumbers + chunk * columns * 32
        }
    }

    func run(
        _ input: BlockTensor, outputRows: Range<Int>, into output: inout BlockTensor,
        moments: inout ChannelMoments?, in workspace: Workspace
    ) {
        check(input, output, outputRows, inputs: filters.inputs, outputs: filters.outputs)
        let factor = filters.enlargement
        precondition(
            rows.enlargement == factor && columns.enlargement == factor && output.width % factor == 0,
            "\(output.width) columns of pixels at \(factor) times their size")
        // Of enlarged pixels, outputs that begin or end within one read no row on that side, which need not be there.
        precondition(
            factor == 1 || input.rows == 0..<input.fullHeight, "rows \(input.rows) of pixels at twice their size")
        let (width, offset, blockStride) = (
            output.width, output.offset(ofRow: outputRows.lowerBound), output.blockStride
        )
        let columnCount = width / factor + 2
        // One more for the column beside the last.
        let columnTable = columns.unenlarged.table(0..<columnCount) + [-1]
        let rowNumbers = filters.chunks * columnCount * 32
        let height = max(1, min(16, Self.patchNumbers / rowNumbers - 2)) * factor
        let stripeCount = (outputRows.count + height - 1) / height
        let firstRow = outputRows.lowerBound / factor
        let rowTable = rows.unenlarged.table(
            firstRow..<(outputRows.upperBound + factor - 1) / factor + 2, relativeTo: input.rows.lowerBound)
        precondition(rowTable.allSatisfy { $0 < input.rows.count }, "rows beyond \(input.rows)")
        let stripes = moments.map { _ in MomentStripes(stripes: stripeCount, blockCount: filters.outputBlocks) }
        // What pixels beyond the last one read.
        let rest = 18 * 32
        let capacity = (height / factor + 3) * rowNumbers + rest
        output.blocks.withMutableFloats { pixels in
            guard let base = pixels.baseAddress else { return }
            nonisolated(unsafe) let target = base + offset
            workspace.rows.run(rows: stripeCount, grain: 1) { stripe, _ in
                var scratch = Tensor(uninitialized: [(capacity + 1) / 2], pool: workspace.pool)
                scratch.withMutableFloats { scratch in
                    guard let base = UnsafeMutableRawPointer(scratch.baseAddress) else { return }
                    let patch = Patch(
                        numbers: base.bindMemory(to: UInt16.self, capacity: capacity), columns: columnCount,
                        rowNumbers: rowNumbers)
                    let top = outputRows.lowerBound + stripe * height
                    let bottom = min(top + height, outputRows.upperBound)
                    let staged = top / factor - firstRow..<(bottom - 1) / factor - firstRow + 3
                    stage(input, rowTable[staged], columnTable, into: patch)
                    patch.row(staged.count, chunk: 0).update(repeating: 0, count: rest)
                    RoundedFilters.Phase.withViews(filters.phases[...]) { phases in
                        for y in top..<bottom {
                            let row = target + (y - outputRows.lowerBound) * width * 16
                            for phase in 0..<factor {
                                multiply(
                                    patch, phases[y % factor * factor + phase], row: y / factor - top / factor,
                                    into: row + phase * 16, blockStride: blockStride, count: width / factor)
                            }
                            for block in 0..<filters.outputBlocks {
                                stripes?.add(row + block * blockStride, count: width, block: block, stripe: stripe)
                            }
                        }
                    }
                }
            }
        }
        if var found = moments {
            stripes?.combine(into: &found)
            moments = found
        }
    }

    /// Rounds rows; the last of an odd number of blocks beside that of the next column, of which there is one more.
    private func stage(
        _ input: BlockTensor, _ rowTable: ArraySlice<Int32>, _ columnTable: [Int32], into patch: Patch
    ) {
        let (rectify, count) = (reading?.rectified == true ? CInt(1) : 0, patch.columns)
        let round = bf_kernels_current().pointee.blocks.round_pixels
        columnTable.withUnsafeBufferPointer { columns in
            input.blocks.withFloats { source in
                guard let columns = columns.baseAddress, let source = source.baseAddress else { return }
                for (row, held) in rowTable.enumerated() {
                    guard held >= 0 else {
                        patch.row(row, chunk: 0).update(repeating: 0, count: patch.rowNumbers)
                        continue
                    }
                    for chunk in 0..<filters.chunks {
                        let isShared = chunk * 2 + 1 == filters.inputBlocks
                        let blocks = (chunk * 2, isShared ? chunk * 2 : chunk * 2 + 1)
                        let read = (columns, isShared ? columns + 1 : columns)
                        let target = patch.row(row, chunk: chunk)
                        if let pixels, blocks.0 >= pixels.firstBlock {
                            pixels.round(
                                row: input.rows.lowerBound + Int(held), blocks: blocks, columns: read, count: count,
                                into: target)
                            continue
                        }
                        let first = source + Int(held) * input.width * 16
                        withReading(blocks) { scales, offsets in
                            var job = bf_rounded_pixels(
                                pixels: (first + blocks.0 * input.blockStride, first + blocks.1 * input.blockStride),
                                columns: read, scales: scales, offsets: offsets, rectify: rectify, count: count,
                                target: target)
                            round?(&job)
                        }
                    }
                }
            }
        }
    }

    private typealias Pair = (UnsafePointer<Float>?, UnsafePointer<Float>?)

    /// Lends the scales and the offsets of two blocks.
    private func withReading(_ blocks: (Int, Int), _ body: (_ scales: Pair, _ offsets: Pair) -> Void) {
        guard let reading else { return body((nil, nil), (nil, nil)) }
        reading.scales.withUnsafeBufferPointer { scales in
            reading.offsets.withUnsafeBufferPointer { offsets in
                guard let scales = scales.baseAddress, let offsets = offsets.baseAddress else { return }
                body(
                    (scales + blocks.0 * 16, scales + blocks.1 * 16), (offsets + blocks.0 * 16, offsets + blocks.1 * 16)
                )
            }
        }
    }

    /// The outputs of one phase in one row.
    private func multiply(
        _ patch: Patch, _ phase: RoundedFilters.Phase.View, row: Int, into destination: UnsafeMutablePointer<Float>,
        blockStride: Int, count: Int
    ) {
        let segmentCount = phase.segments.count
        withUnsafeTemporaryAllocation(of: UnsafePointer<UInt16>?.self, capacity: segmentCount) { segments in
            for (index, segment) in phase.segments.enumerated() {
                segments.initializeElement(
                    at: index,
                    to: UnsafePointer(patch.row(row + segment.row, chunk: segment.chunk) + segment.column * 32))
            }
            bias.withUnsafeBufferPointer { bias in
                var product = bf_rounded_product(
                    segments: segments.baseAddress, segment_count: segmentCount, filters: phase.numbers,
                    bias: bias.baseAddress, destination: destination, pixel_step: 16 * filters.enlargement,
                    destination_stride: blockStride, blocks: filters.outputBlocks, pixels: count)
                bf_kernels_current().pointee.blocks.rounded_product(&product)
            }
        }
    }
}
