import Tensors

/// One frame's way through a network of the form `johnson`, whole or in strips.
///
/// Activations are written as the convolutions give them; normalisation and ReLU happen as the next layer reads them.
struct JohnsonRun {
    let layout: StyleNetworkLayout
    let filters: JohnsonFilters
    let style: StyleVector
    /// `[C, H, W]`.
    let input: Tensor
    let workspace: Workspace
    /// Rows at the quarter resolution of a strip; 0 where all is done whole.
    var quarterRows = 0

    /// Rows and columns of the frame.
    var height: Int { input.shape[1] }
    var width: Int { input.shape[2] }
    /// The least multiples of four that hold the frame, which is continued by reflection.
    var fullHeight: Int { (height + 3) / 4 * 4 }
    var fullWidth: Int { (width + 3) / 4 * 4 }
    /// The index of the first normalisation behind the residual blocks.
    var decoderNorm: Int { 3 + 2 * layout.residualBlocks }

    // MARK: Layers

    func reading(_ moments: ChannelMoments?, norm: Int, rectified: Bool) -> ChannelReading {
        (moments ?? ChannelMoments(channels: style.gains[norm].count)).reading(
            gains: style.gains[norm], biases: style.biases[norm], rectified: rectified)
    }

    func fresh(_ norm: Int) -> ChannelMoments? { ChannelMoments(channels: style.gains[norm].count) }

    /// An activation at the full (level 0), half or quarter resolution. Strips, with the rows more that the layers behind
    /// them read, all use memory of one size.
    func empty(channels: Int, rows: Range<Int>, level: Int) -> BlockTensor {
        BlockTensor(
            channels: channels, rows: rows, fullHeight: fullHeight >> level, width: fullWidth >> level,
            capacity: quarterRows > 0 && level < 2 ? (4 * quarterRows + 16) >> level : 0, pool: workspace.pool)
    }

    /// The 9×9 convolution of the frame.
    func first(rows: Range<Int>, moments: inout ChannelMoments?) -> BlockTensor {
        func axis(_ extent: Int, _ continued: Int) -> ReadAxis {
            ReadAxis(extent: extent, continued: continued, padding: .reflection, before: 4)
        }
        var output = empty(channels: layout.widths[0], rows: rows, level: 0)
        DirectPass(
            filters: filters.first, bias: filters.biases[0], rows: axis(height, fullHeight),
            columns: axis(width, fullWidth), rectified: false
        ).run(.planes(input), outputRows: rows, into: &output, moments: &moments, in: workspace)
        return output
    }

    /// The rows at the full (index 0) or half (index 1) resolution that rows of the next level read.
    func downReach(_ index: Int, rows: Range<Int>) -> Range<Int> {
        downAxis(fullHeight >> index).reach(rows, taps: 3)
    }

    private func downAxis(_ extent: Int) -> ReadAxis {
        ReadAxis(extent: extent, padding: .reflection, before: 1, stride: 2)
    }

    private func residualAxis(_ extent: Int) -> ReadAxis { ReadAxis(extent: extent, padding: .reflection, before: 1) }

    /// A 3×3 convolution with stride 2, from the full (index 0) or half (index 1) resolution.
    func down(
        _ index: Int, _ source: BlockTensor, reading: ChannelReading, rows: Range<Int>, into output: inout BlockTensor,
        moments: inout ChannelMoments?
    ) {
        DirectPass(
            filters: filters.down[index], bias: filters.biases[1 + index], rows: downAxis(fullHeight >> index),
            columns: downAxis(fullWidth >> index), rectified: false
        ).run(.blocks(source, reading), outputRows: rows, into: &output, moments: &moments, in: workspace)
    }

    /// A 3×3 convolution of a residual block.
    func residual(
        _ index: Int, _ source: BlockTensor, reading: ChannelReading?, rows: Range<Int>, into output: inout BlockTensor,
        moments: inout ChannelMoments?
    ) {
        WinogradPass(
            filters: filters.residual[index], bias: filters.biases[3 + index], rows: residualAxis(fullHeight / 4),
            columns: residualAxis(fullWidth / 4), reading: reading, rectified: false
        ).run(source, outputRows: rows, into: &output, moments: &moments, in: workspace)
    }

    private func upAxis(_ extent: Int) -> ReadAxis {
        ReadAxis(extent: extent, enlargement: 2, padding: .reflection, before: 1)
    }

    /// The rows at the quarter (index 0) or half (index 1) resolution that enlarged rows read.
    func upReach(_ index: Int, rows: Range<Int>) -> Range<Int> {
        upAxis(fullHeight >> (2 - index)).reach(rows, taps: 3)
    }

    /// Nearest ×2 and a 3×3 convolution, to the half (index 0) or full (index 1) resolution.
    func up(
        _ index: Int, _ source: BlockTensor, reading: ChannelReading?, rows: Range<Int>,
        moments: inout ChannelMoments?
    ) -> BlockTensor {
        var output = empty(channels: layout.widths[1 - index], rows: rows, level: 1 - index)
        WinogradPass(
            filters: filters.up[index], bias: filters.biases[decoderNorm + index],
            rows: upAxis(fullHeight >> (2 - index)), columns: upAxis(fullWidth >> (2 - index)), reading: reading,
            rectified: false
        ).run(source, outputRows: rows, into: &output, moments: &moments, in: workspace)
        return output
    }

    private func lastAxis(_ extent: Int) -> ReadAxis { ReadAxis(extent: extent, padding: .reflection, before: 4) }

    /// The full-resolution rows that rows of the output read.
    func lastReach(rows: Range<Int>) -> Range<Int> { lastAxis(fullHeight).reach(rows, taps: 9) }

    /// The last 9×9 convolution.
    func last(_ source: BlockTensor, reading: ChannelReading, rows: Range<Int>, into output: inout Tensor) {
        FoldedPass(filters: filters.last, rows: lastAxis(fullHeight), columns: lastAxis(fullWidth)).run(
            source, reading: reading, outputRows: rows, into: &output, in: workspace)
    }

    // MARK: Whole

    /// The bytes of activations that `whole` holds at once.
    var wholeBytes: Int {
        let pixels = fullHeight * fullWidth
        let (full, half, quarter) = (layout.widths[0], layout.widths[1], layout.widths[2])
        return max(pixels * full + pixels / 4 * half + pixels / 16 * quarter, 3 * pixels / 16 * quarter) * 4
    }

    /// Every layer whole: `[3, H, W]`.
    func whole() -> Tensor {
        let (all, half, quarter) = (0..<fullHeight, 0..<fullHeight / 2, 0..<fullHeight / 4)
        var moments = fresh(0)
        var source = first(rows: all, moments: &moments)
        for (index, rows) in [half, quarter].enumerated() {
            let reading = reading(moments, norm: index, rectified: true)
            moments = fresh(index + 1)
            var output = empty(channels: layout.widths[index + 1], rows: rows, level: index + 1)
            down(index, source, reading: reading, rows: rows, into: &output, moments: &moments)
            source = output
        }
        source.normalize(reading(moments, norm: 2, rectified: true), in: workspace)
        residualBlocks(&source)
        var decoderReading: ChannelReading?
        for (index, rows) in [half, all].enumerated() {
            moments = fresh(decoderNorm + index)
            source = up(index, source, reading: decoderReading, rows: rows, moments: &moments)
            decoderReading = reading(moments, norm: decoderNorm + index, rectified: true)
        }
        var output = Tensor(uninitialized: [3, height, width], pool: workspace.pool)
        if let decoderReading { last(source, reading: decoderReading, rows: 0..<height, into: &output) }
        return output
    }

    private func residualBlocks(_ source: inout BlockTensor) {
        let rows = source.rows
        var inner = empty(channels: source.channels, rows: rows, level: 2)
        var outer = empty(channels: source.channels, rows: rows, level: 2)
        for block in 0..<layout.residualBlocks {
            var moments = fresh(3 + 2 * block)
            residual(2 * block, source, reading: nil, rows: rows, into: &inner, moments: &moments)
            let reading = reading(moments, norm: 3 + 2 * block, rectified: true)
            moments = fresh(4 + 2 * block)
            residual(2 * block + 1, inner, reading: reading, rows: rows, into: &outer, moments: &moments)
            source.add(
                outer, reading: self.reading(moments, norm: 4 + 2 * block, rectified: false), rows: rows, in: workspace)
        }
    }
}
