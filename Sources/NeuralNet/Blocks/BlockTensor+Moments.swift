import Tensors

extension BlockTensor {
    /// Mean and variance of every channel, of all rows held.
    func moments(in workspace: Workspace) -> ChannelMoments {
        let (rowCount, row) = (rows.count, width * 16)
        let grain = Self.grain(width: width)
        let stripes = MomentStripes(
            stripes: ParallelRows.stripeCount(rows: rowCount, grain: grain), blockCount: blockCount)
        workspace.rows.run(rows: rowCount, grain: grain) { stripe, range in
            blocks.withFloats { pixels in
                guard let pixels = pixels.baseAddress else { return }
                for block in 0..<blockCount {
                    stripes.add(
                        pixels + block * blockStride + range.lowerBound * row, count: range.count * width, block: block,
                        stripe: stripe)
                }
            }
        }
        var moments = ChannelMoments(channels: channels)
        stripes.combine(into: &moments)
        return moments
    }

    /// The picture whose rows and columns are those of this one that the tables name (−1: zeros), as `reading` makes
    /// them; all rows must be held.
    func copied(
        rows rowTable: [Int32], columns columnTable: [Int32], reading: ChannelReading?, in workspace: Workspace
    ) -> BlockTensor {
        precondition(rows == 0..<fullHeight, "rows \(rows) of \(fullHeight)")
        var result = BlockTensor(
            channels: channels, rows: 0..<rowTable.count, fullHeight: rowTable.count, width: columnTable.count,
            pool: workspace.pool)
        let (blockCount, blockStride, width) = (result.blockCount, result.blockStride, result.width)
        result.blocks.withMutableFloats { target in
            nonisolated(unsafe) let target = target.baseAddress
            workspace.rows.run(rows: rowTable.count, grain: Self.grain(width: width)) { _, range in
                guard let target else { return }
                for block in 0..<blockCount {
                    StagedPatch(
                        lanes: 16, blockCount: 1, rows: range.count, columns: width,
                        floats: target + block * blockStride + range.lowerBound * width * 16
                    ).stage(
                        self, firstBlock: block, reading: reading, rowTable: rowTable[range],
                        columnTable: columnTable[...])
                }
            }
        }
        return result
    }
}
