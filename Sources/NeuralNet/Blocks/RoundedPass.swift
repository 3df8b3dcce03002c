import CKernels
import Tensors

/// One 3×3 convolution with stride 1 in bfloat16, with sums in Float32: each stripe of rows is rounded once, its border,
/// enlargement and normalisation done, and then multiplied where it lies.
struct RoundedPass: ConvolutionPass {
    let filters: RoundedFilters
    /// One per output channel, whole blocks.
    let bias: [Float]
    let rows: ReadAxis
    let columns: ReadAxis
    let reading: ChannelReading?

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
        precondition(
            input.channels == filters.inputs && output.channels >= filters.outputs && output.holds(outputRows),
            "\(input.channels) to \(output.channels) channels for \(filters.inputs) to \(filters.outputs), "
                + "rows \(outputRows) of \(output.rows)")
        let (width, offset, blockStride) = (
            output.width, output.offset(ofRow: outputRows.lowerBound), output.blockStride
        )
        let rowNumbers = filters.chunks * (width + 2) * 32
        let height = max(1, min(16, Self.patchNumbers / rowNumbers - 2))
        let stripeCount = (outputRows.count + height - 1) / height
        let rowTable = rows.table(outputRows.lowerBound..<outputRows.upperBound + 2, relativeTo: input.rows.lowerBound)
        precondition(rowTable.allSatisfy { $0 < input.rows.count }, "rows beyond \(input.rows)")
        // One more for the column beside the last.
        let columnTable = columns.table(0..<width + 2) + [-1]
        let stripes = moments.map { _ in MomentStripes(stripes: stripeCount, blockCount: filters.outputBlocks) }
        // What pixels beyond the last one read.
        let rest = 18 * 32
        let capacity = (height + 2) * rowNumbers + rest
        output.blocks.withMutableFloats { pixels in
            guard let base = pixels.baseAddress else { return }
            nonisolated(unsafe) let target = base + offset
            workspace.rows.run(rows: stripeCount, grain: 1) { stripe, _ in
                var scratch = Tensor(uninitialized: [(capacity + 1) / 2], pool: workspace.pool)
                scratch.withMutableFloats { scratch in
                    guard let base = UnsafeMutableRawPointer(scratch.baseAddress) else { return }
                    let patch = Patch(
                        numbers: base.bindMemory(to: UInt16.self, capacity: capacity), columns: width + 2,
                        rowNumbers: rowNumbers)
                    let top = stripe * height
                    let count = min(height, outputRows.count - top)
                    stage(input, rowTable[top..<top + count + 2], columnTable, into: patch)
                    patch.row(count + 2, chunk: 0).update(repeating: 0, count: rest)
                    for y in 0..<count {
                        let row = target + (top + y) * width * 16
                        multiply(patch, row: y, into: row, blockStride: blockStride, count: width)
                        for block in 0..<filters.outputBlocks {
                            stripes?.add(row + block * blockStride, count: width, block: block, stripe: stripe)
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

    /// Rounds rows; the last of an odd number of blocks beside that of the next column.
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
                    for block in 0..<filters.inputBlocks {
                        let pixels = source + block * input.blockStride + Int(held) * input.width * 16
                        let target = patch.row(row, chunk: block / 2)
                        withReading(block) { scales, offsets in
                            round?(pixels, columns, count, scales, offsets, rectify, target + block % 2 * 16, 32)
                            guard filters.isOdd, block == filters.inputBlocks - 1 else { return }
                            round?(pixels, columns + 1, count, scales, offsets, rectify, target + 16, 32)
                        }
                    }
                }
            }
        }
    }

    private func withReading(_ block: Int, _ body: (UnsafePointer<Float>?, UnsafePointer<Float>?) -> Void) {
        guard let reading else { return body(nil, nil) }
        reading.scales.withUnsafeBufferPointer { scales in
            reading.offsets.withUnsafeBufferPointer { offsets in
                body(scales.baseAddress.map { $0 + block * 16 }, offsets.baseAddress.map { $0 + block * 16 })
            }
        }
    }

    /// One row of outputs from three rounded rows.
    private func multiply(
        _ patch: Patch, row: Int, into destination: UnsafeMutablePointer<Float>, blockStride: Int, count: Int
    ) {
        let segments = (row..<row + 3).flatMap { row in
            filters.segments.map { Optional(UnsafePointer(patch.row(row, chunk: $0.chunk) + $0.column * 32)) }
        }
        segments.withUnsafeBufferPointer { segments in
            bias.withUnsafeBufferPointer { bias in
                filters.packed.withUnsafeBufferPointer { packed in
                    var product = bf_rounded_product(
                        segments: segments.baseAddress, segment_count: segments.count, filters: packed.baseAddress,
                        bias: bias.baseAddress, destination: destination, destination_stride: blockStride,
                        blocks: filters.outputBlocks, pixels: count)
                    bf_kernels_current().pointee.blocks.rounded_product(&product)
                }
            }
        }
    }
}
