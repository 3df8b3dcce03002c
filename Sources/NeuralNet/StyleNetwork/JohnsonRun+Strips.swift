import Tensors

extension JohnsonRun {
    /// Rows at the quarter resolution of one strip, for activations of some `budget` bytes: from 8, where a third of
    /// the rows is computed twice, to 32.
    func stripRows(_ budget: Int) -> Int {
        let widths = layout.widths
        let fixed = 2 * (fullHeight / 4) * (fullWidth / 4) * widths[2] * 4
        let (fullRow, halfRow) = (fullWidth * widths[0] * 4, fullWidth / 2 * widths[1] * 4)
        return max(8, min(32, (budget - fixed - 16 * fullRow - 8 * halfRow) / (4 * fullRow + 2 * halfRow)))
    }

    /// Only the quarter resolution whole, in two buffers; the others in strips: one pass for the statistics of every
    /// layer, and one that applies them.
    func inStrips() -> Tensor {
        // Each part has strips of its own sizes; none may wait in memory for the next frame.
        workspace.pool.trim()
        var source = encode()
        workspace.pool.trim()
        residualBlocksInPlace(&source)
        workspace.pool.trim()
        return decode(source)
    }

    private func strips(_ height: Int, of size: Int) -> [Range<Int>] {
        stride(from: 0, to: height, by: size).map { $0..<min($0 + size, height) }
    }

    private func encode() -> BlockTensor {
        let widths = layout.widths
        var moments: [ChannelMoments?] = widths.map { ChannelMoments(channels: $0) }
        for rows in strips(fullHeight, of: 4 * quarterRows) { _ = first(rows: rows, moments: &moments[0]) }
        let fullReading = self.reading(moments[0], norm: 0, rectified: true)
        func half(_ rows: Range<Int>, moments given: inout ChannelMoments?) -> BlockTensor {
            var none: ChannelMoments?
            let source = first(rows: downReach(0, rows: rows), moments: &none)
            var output = empty(channels: widths[1], rows: rows, level: 1)
            down(0, source, reading: fullReading, rows: rows, into: &output, moments: &given)
            return output
        }
        for rows in strips(fullHeight / 2, of: 2 * quarterRows) { _ = half(rows, moments: &moments[1]) }
        let all = 0..<fullHeight / 4
        var quarter = empty(channels: widths[2], rows: all, level: 2)
        let halfReading = self.reading(moments[1], norm: 1, rectified: true)
        for rows in strips(fullHeight / 4, of: quarterRows) {
            var none: ChannelMoments?
            let source = half(downReach(1, rows: rows), moments: &none)
            down(1, source, reading: halfReading, rows: rows, into: &quarter, moments: &moments[2])
        }
        quarter.normalize(self.reading(moments[2], norm: 2, rectified: true), in: workspace)
        return quarter
    }

    /// The second convolution of a block takes the place of what it reads, one strip behind.
    private func residualBlocksInPlace(_ source: inout BlockTensor) {
        let all = source.rows
        var inner = empty(channels: source.channels, rows: all, level: 2)
        for block in 0..<layout.residualBlocks {
            var moments = fresh(3 + 2 * block)
            residual(2 * block, source, reading: nil, rows: all, into: &inner, moments: &moments)
            let reading = reading(moments, norm: 3 + 2 * block, rectified: true)
            moments = fresh(4 + 2 * block)
            var behind: BlockTensor?
            for rows in strips(all.count, of: quarterRows) {
                var strip = empty(channels: source.channels, rows: rows, level: 2)
                residual(2 * block + 1, inner, reading: reading, rows: rows, into: &strip, moments: &moments)
                // Above the strip before, everything has been read; its own last row is read by this one.
                if let behind { inner.copy(behind, rows: behind.rows, in: workspace) }
                behind = strip
            }
            if let behind { inner.copy(behind, rows: behind.rows, in: workspace) }
            source.add(
                inner, reading: self.reading(moments, norm: 4 + 2 * block, rectified: false), rows: all, in: workspace)
        }
    }

    private func decode(_ source: BlockTensor) -> Tensor {
        var halfMoments = fresh(decoderNorm)
        for rows in strips(fullHeight / 2, of: 2 * quarterRows) {
            _ = up(0, source, reading: nil, rows: rows, moments: &halfMoments)
        }
        let halfReading = reading(halfMoments, norm: decoderNorm, rectified: true)
        func full(_ rows: Range<Int>, moments: inout ChannelMoments?) -> BlockTensor {
            var none: ChannelMoments?
            let half = up(0, source, reading: nil, rows: upReach(1, rows: rows), moments: &none)
            return up(1, half, reading: halfReading, rows: rows, moments: &moments)
        }
        var fullMoments = fresh(decoderNorm + 1)
        for rows in strips(fullHeight, of: 4 * quarterRows) { _ = full(rows, moments: &fullMoments) }
        let fullReading = reading(fullMoments, norm: decoderNorm + 1, rectified: true)
        var output = Tensor(uninitialized: [3, height, width], pool: workspace.pool)
        for rows in strips(height, of: 4 * quarterRows) {
            var none: ChannelMoments?
            last(full(lastReach(rows: rows), moments: &none), reading: fullReading, rows: rows, into: &output)
        }
        return output
    }
}
