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
    /// positions that read it (+ `addend`), where `output` is above 0; without an output, everywhere.
    mutating func fold(
        _ padded: BlockTensor, rows rowAxis: ReadAxis, columns columnAxis: ReadAxis, plus addend: BlockTensor?,
        where output: BlockTensor?, in workspace: Workspace
    ) {
        var readers = [[Int]](repeating: [], count: rowAxis.extent)
        for position in 0..<padded.rows.count { if let row = rowAxis.index(position) { readers[row].append(position) } }
        let (rowCount, width, left) = (rows.count, width, columnAxis.before)
        var columnReaders: [Int: [Int]] = [:]
        for position in 0..<padded.width where position < left || position >= left + width {
            if let column = columnAxis.index(position) { columnReaders[column, default: [left + column]] += [position] }
        }
        let (rowReaders, borders) = (readers, columnReaders)
        let mask = bf_kernels_current().pointee.layers.mask
        forEachRow(in: workspace) { block, y, pixels in
            let at = (block * rowCount + y) * width * 16
            Self.lend([padded, addend, output]) { floats in
                guard let source = floats[0] else { return }
                let (addend, output) = (floats[1].map { $0 + at }, floats[2].map { $0 + at })
                let lines = rowReaders[y].map { source + block * padded.blockStride + $0 * padded.width * 16 }
                func sum(_ column: Int, _ positions: [Int]) {
                    for lane in 0..<16 {
                        let index = column * 16 + lane
                        var value = addend?[index] ?? 0
                        for line in lines { for position in positions { value += line[position * 16 + lane] } }
                        pixels[index] = output.map { $0[index] > 0 } ?? true ? value : 0
                    }
                }
                if lines.count == 1 {
                    mask?(lines[0] + left * 16, addend, output, pixels, width * 16)
                    for (column, positions) in borders { sum(column, positions) }
                } else {
                    for column in 0..<width { sum(column, borders[column] ?? [left + column]) }
                }
            }
        }
    }

    /// Lends the memory of several tensors at once, nil where there is none.
    private static func lend(
        _ tensors: [BlockTensor?], _ found: [UnsafePointer<Float>?] = [],
        _ body: ([UnsafePointer<Float>?]) -> Void
    ) {
        guard found.count < tensors.count else { return body(found) }
        guard let tensor = tensors[found.count] else { return lend(tensors, found + [nil], body) }
        tensor.blocks.withFloats { lend(tensors, found + [$0.baseAddress], body) }
    }

    /// `gradient` (+ `addend`) where `output` is above 0, all of one shape; without an output, everywhere.
    package init(
        gradient: BlockTensor, plus addend: BlockTensor?, where output: BlockTensor?, in workspace: Workspace
    ) {
        self.init(
            channels: gradient.channels, rows: gradient.rows, fullHeight: gradient.fullHeight, width: gradient.width,
            pool: workspace.pool)
        let (rowCount, width) = (rows.count, width)
        let mask = bf_kernels_current().pointee.layers.mask
        forEachRow(in: workspace) { block, row, pixels in
            let at = (block * rowCount + row) * width * 16
            Self.lend([gradient, addend, output]) { floats in
                guard let gradient = floats[0] else { return }
                mask?(gradient + at, floats[1].map { $0 + at }, floats[2].map { $0 + at }, pixels, width * 16)
            }
        }
    }
}
