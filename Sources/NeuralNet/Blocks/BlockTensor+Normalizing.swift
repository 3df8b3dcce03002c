import CKernels
import Tensors

extension BlockTensor {
    /// Replaces the rows held by what `reading` makes of them.
    package mutating func normalize(_ reading: ChannelReading, in workspace: Workspace) {
        combine(with: nil, reading: reading, rows: rows, in: workspace)
    }

    /// Adds what `reading` makes of rows of `other`, which both hold.
    package mutating func add(_ other: BlockTensor, reading: ChannelReading, rows: Range<Int>, in workspace: Workspace)
    {
        combine(with: other, reading: reading, rows: rows, in: workspace)
    }

    /// Copies rows of `other`, which both hold.
    mutating func copy(_ other: BlockTensor, rows: Range<Int>, in workspace: Workspace) {
        precondition(
            other.holds(rows) && holds(rows) && other.channels == channels && other.width == width,
            "rows \(rows) of \(other.rows) into \(self.rows)")
        let (blockStride, blockCount, row) = (blockStride, blockCount, width * 16)
        let offset = offset(ofRow: rows.lowerBound)
        blocks.withMutableFloats { target in
            nonisolated(unsafe) let target = target
            workspace.rows.run(rows: rows.count, grain: Self.grain(width: width)) { _, range in
                other.blocks.withFloats { source in
                    guard let source = source.baseAddress, let target = target.baseAddress else { return }
                    for block in 0..<blockCount {
                        (target + block * blockStride + offset + range.lowerBound * row).update(
                            from: source + block * other.blockStride + other.offset(ofRow: rows.lowerBound)
                                + range.lowerBound * row, count: range.count * row)
                    }
                }
            }
        }
    }

    private mutating func combine(
        with other: BlockTensor?, reading: ChannelReading, rows: Range<Int>, in workspace: Workspace
    ) {
        precondition(
            holds(rows) && reading.scales.count == blockCount * 16
                && other.map { $0.holds(rows) && $0.channels == channels && $0.width == width } ?? true,
            "rows \(rows) of \(self.rows), \(reading.scales.count) scales for \(channels) channels")
        let (blockStride, blockCount) = (blockStride, blockCount)
        let columns = width
        let row = columns * 16
        let offset = offset(ofRow: rows.lowerBound)
        let kernel = bf_kernels_current().pointee.blocks.normalize
        let apply = {
            @Sendable
            (
                from: UnsafePointer<Float>, addend: UnsafePointer<Float>?,
                to: UnsafeMutablePointer<Float>, block: Int, count: Int
            ) in
            reading.scales.withUnsafeBufferPointer { scales in
                reading.offsets.withUnsafeBufferPointer { offsets in
                    kernel?(
                        from, scales.baseAddress.map { $0 + block * 16 }, offsets.baseAddress.map { $0 + block * 16 },
                        reading.rectified ? 1 : 0, addend, to, count)
                }
            }
        }
        blocks.withMutableFloats { target in
            nonisolated(unsafe) let target = target
            workspace.rows.run(rows: rows.count, grain: Self.grain(width: width)) { _, range in
                guard let target = target.baseAddress else { return }
                for block in 0..<blockCount {
                    let to = target + block * blockStride + offset + range.lowerBound * row
                    guard let other else {
                        apply(to, nil, to, block, range.count * columns)
                        continue
                    }
                    other.blocks.withFloats { source in
                        guard let source = source.baseAddress else { return }
                        let from = source + block * other.blockStride + other.offset(ofRow: rows.lowerBound)
                        apply(from + range.lowerBound * row, to, to, block, range.count * columns)
                    }
                }
            }
        }
    }
}
