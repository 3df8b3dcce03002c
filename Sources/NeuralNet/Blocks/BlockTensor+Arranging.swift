import CKernels
import Tensors

extension BlockTensor {
    /// Calls `body` for every row of every block with where it begins, on all threads.
    mutating func forEachRow(
        in workspace: Workspace,
        _ body: @Sendable (_ block: Int, _ row: Int, _ pixels: UnsafeMutablePointer<Float>) -> Void
    ) {
        let (rowCount, width) = (rows.count, width)
        let count = blockCount * rowCount
        blocks.withMutableFloats { target in
            nonisolated(unsafe) let target = target.baseAddress
            workspace.rows.run(rows: count, grain: Self.grain(width: width)) { _, range in
                guard let target else { return }
                for index in range { body(index / rowCount, index % rowCount, target + index * width * 16) }
            }
        }
    }

    /// Gives every pixel the same values, one per channel (none: zeros).
    mutating func fill(_ values: [Float], in workspace: Workspace) {
        let (width, channels) = (width, values.count)
        forEachRow(in: workspace) { block, _, pixels in
            for x in 0..<width {
                for lane in 0..<16 {
                    let channel = block * 16 + lane
                    pixels[x * 16 + lane] = channel < channels ? values[channel] : 0
                }
            }
        }
    }

    /// Writes the pixels of `part` to every `strides`-th row and column from (row, column) on.
    mutating func interleave(
        _ part: BlockTensor, row: Int, column: Int, strides: (rows: Int, columns: Int), in workspace: Workspace
    ) {
        forEachRow(in: workspace) { block, y, pixels in
            guard y >= row, (y - row) % strides.rows == 0 else { return }
            part.blocks.withFloats { source in
                guard let source = source.baseAddress else { return }
                let from = source + block * part.blockStride + (y - row) / strides.rows * part.width * 16
                for x in 0..<part.width {
                    (pixels + (column + x * strides.columns) * 16).update(from: from + x * 16, count: 16)
                }
            }
        }
    }

    /// What the gradient of a padded picture, `padded`, means for the picture itself: every pixel gets the sum of the
    /// positions that read it.
    mutating func fold(
        _ padded: BlockTensor, rows rowAxis: ReadAxis, columns columnAxis: ReadAxis, in workspace: Workspace
    ) {
        var readers = [[Int]](repeating: [], count: rowAxis.extent)
        for position in 0..<padded.rows.count { if let row = rowAxis.index(position) { readers[row].append(position) } }
        let (width, left) = (width, columnAxis.before)
        let borders = (0..<padded.width).compactMap { position -> (position: Int, column: Int)? in
            guard position < left || position >= left + width else { return nil }
            return columnAxis.index(position).map { (position, $0) }
        }
        let rowReaders = readers
        forEachRow(in: workspace) { block, y, pixels in
            padded.blocks.withFloats { source in
                guard let source = source.baseAddress else { return }
                (pixels).update(repeating: 0, count: width * 16)
                for position in rowReaders[y] {
                    let from = source + block * padded.blockStride + position * padded.width * 16
                    for index in 0..<width * 16 { pixels[index] += from[left * 16 + index] }
                    for border in borders {
                        for lane in 0..<16 { pixels[border.column * 16 + lane] += from[border.position * 16 + lane] }
                    }
                }
            }
        }
    }

    /// `gradient` (+ `addend`) where `output` is above 0, all of one shape; without an output, everywhere.
    init(
        gradient: BlockTensor, plus addend: BlockTensor?, where output: BlockTensor?, in workspace: Workspace
    ) {
        self.init(
            channels: gradient.channels, rows: gradient.rows, fullHeight: gradient.fullHeight, width: gradient.width,
            pool: workspace.pool)
        let (rowCount, width) = (rows.count, width)
        let mask = bf_kernels_current().pointee.layers.mask
        forEachRow(in: workspace) { block, row, pixels in
            let at = (block * rowCount + row) * width * 16
            func lend(_ tensor: BlockTensor?, _ body: (UnsafePointer<Float>?) -> Void) {
                guard let tensor else { return body(nil) }
                tensor.blocks.withFloats { body($0.baseAddress.map { $0 + at }) }
            }
            lend(gradient) { gradient in
                lend(addend) { addend in lend(output) { output in mask?(gradient, addend, output, pixels, width * 16) }
                }
            }
        }
    }
}
