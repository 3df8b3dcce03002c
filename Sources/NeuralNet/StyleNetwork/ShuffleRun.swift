import CKernels
import Tensors

/// One frame's way through a network of the form `shuffle`.
///
/// The quarter resolution is whole in memory; what comes before and after it is computed in strips, one for the whole frame
/// where that fits the budget.
struct ShuffleRun {
    let layout: StyleNetworkLayout
    let filters: ShuffleFilters
    let style: StyleVector
    /// `[C, H, W]`.
    let input: Tensor
    let workspace: Workspace

    var height: Int { input.shape[1] }
    var width: Int { input.shape[2] }
    /// Rows and columns at the quarter resolution, which hold the frame continued by reflection.
    var quarterHeight: Int { (height + 3) / 4 }
    var quarterWidth: Int { (width + 3) / 4 }
    private var half: Int { layout.widths[0] }
    private var quarter: Int { layout.widths[1] }
    /// Channels that the last convolution reads.
    var joined: Int { half + 4 * layout.inputChannels }

    /// Rows at the quarter resolution of a strip, where the frame is not computed whole.
    private static let stripRows = 32

    /// The bytes of activations that are held at once where the frame is one strip.
    var wholeBytes: Int {
        let pixels = quarterHeight * quarterWidth
        let before = BlockTensor.blockCount(16 * layout.inputChannels) * 16 + quarter
        let after = quarter + 4 * (BlockTensor.blockCount(joined) * 16 + 16)
        return max(before, 3 * quarter, after) * pixels * 4
    }

    /// Paints the frame: `[3, H, W]`, 0…1.
    func paint(memoryBudget: Int) -> Tensor {
        let size = wholeBytes <= memoryBudget ? quarterHeight : Self.stripRows
        let strips = stride(from: 0, to: quarterHeight, by: size).map { $0..<min($0 + size, quarterHeight) }
        let pixels = wholePixels()
        var source = encode(pixels, strips)
        residualBlocks(&source)
        return decode(source, pixels, strips)
    }

    /// Mixes `heldShare` of the previous output into a painted frame, `[3, H, W]`.
    func hold(_ painted: inout Tensor) {
        forEachHeldRow(of: &painted) { bf_kernels_current().pointee.style.hold($1, $2, $3, $4, $0) }
    }

    /// Makes the gradient of a frame that was held one of what was painted.
    func holdGradient(_ gradient: inout Tensor) {
        forEachHeldRow(of: &gradient) { gradient, mask, _, held, width in
            for x in 0..<width { gradient[x] *= 1 - held * mask[x] }
        }
    }

    /// Calls `body` with every row of three planes, with those of the mask and of the previous output times the mask at the
    /// same place, with `heldShare` and with the row's length; not at all where nothing is held.
    private func forEachHeldRow(
        of planes: inout Tensor,
        _ body: @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Float, Int) -> Void
    ) {
        let (height, width, held) = (height, width, layout.heldShare)
        guard held > 0 else { return }
        planes.withMutableFloats { planes in
            input.withFloats { input in
                guard let planes = planes.baseAddress, let input = input.baseAddress else { return }
                nonisolated(unsafe) let (target, source) = (planes, input)
                workspace.rows.run(rows: 3 * height, grain: BlockTensor.grain(width: width)) { _, range in
                    for row in range {
                        let (mask, previous) = heldLine(row, of: source)
                        body(target + row * width, mask, previous, held, width)
                    }
                }
            }
        }
    }

    /// The mask and the previous output times it at a row, counted through three planes, of the input.
    private func heldLine(
        _ row: Int, of input: UnsafePointer<Float>
    ) -> (mask: UnsafePointer<Float>, previous: UnsafePointer<Float>) {
        (input + (6 * height + row % height) * width, input + (3 * height + row) * width)
    }

    func reading(_ moments: ChannelMoments?, norm: Int, rectified: Bool) -> ChannelReading {
        (moments ?? ChannelMoments(channels: style.gains[norm].count)).reading(
            gains: style.gains[norm], biases: style.biases[norm], rectified: rectified)
    }

    private func axis(_ extent: Int, enlargement: Int = 1) -> ReadAxis {
        ReadAxis(extent: extent, enlargement: enlargement, padding: .reflection, before: 1)
    }

    func pass(
        _ filters: StyleFilters, bias: [Float]? = nil, reading: ChannelReading? = nil, pixels: ShuffledPlanes? = nil,
        height: Int, width: Int, enlargement: Int = 1
    ) -> any ConvolutionPass {
        filters.pass(
            bias: bias, rows: axis(height, enlargement: enlargement), columns: axis(width, enlargement: enlargement),
            reading: reading, pixels: pixels)
    }

    /// The input continued by reflection to the size that the quarter resolution holds.
    private func wholePixels() -> Tensor {
        let (wholeHeight, wholeWidth) = (4 * quarterHeight, 4 * quarterWidth)
        guard wholeHeight != height || wholeWidth != width else { return input }
        let columns = (0..<wholeWidth).map { Padding.reflection.index($0, width) ?? 0 }
        var whole = Tensor(uninitialized: [layout.inputChannels, wholeHeight, wholeWidth], pool: workspace.pool)
        whole.withMutableFloats { whole in
            input.withFloats { input in
                for row in 0..<layout.inputChannels * wholeHeight {
                    let y = Padding.reflection.index(row % wholeHeight, height) ?? 0
                    let from = (row / wholeHeight * height + y) * width
                    for x in 0..<wholeWidth { whole[row * wholeWidth + x] = input[from + columns[x]] }
                }
            }
        }
        return whole
    }

    private func encode(_ whole: Tensor, _ strips: [Range<Int>]) -> BlockTensor {
        let (height, width) = (quarterHeight, quarterWidth)
        var output = BlockTensor(
            channels: quarter, rows: 0..<height, fullHeight: height, width: width, pool: workspace.pool)
        var moments: ChannelMoments? = ChannelMoments(channels: quarter)
        let own = ShuffledPlanes(whole, by: 4)
        let stem = pass(filters.stem, pixels: own, height: height, width: width)
        for rows in strips {
            var pixels = BlockTensor(
                channels: 16 * layout.inputChannels, rows: axis(height).reach(rows, taps: 3), fullHeight: height,
                width: width, pool: workspace.pool)
            if !filters.stem.reads(own) { pixels.unshuffle(whole, by: 4, in: workspace) }
            stem.run(pixels, outputRows: rows, into: &output, moments: &moments, in: workspace)
        }
        output.normalize(reading(moments, norm: 0, rectified: true), in: workspace)
        return output
    }

    private func residualBlocks(_ source: inout BlockTensor) {
        var (inner, outer) = (source.like(in: workspace), source.like(in: workspace))
        for block in 0..<layout.residualBlocks {
            let norm = 1 + 2 * block
            var moments: ChannelMoments? = ChannelMoments(channels: quarter)
            pass(filters.residual[2 * block], height: quarterHeight, width: quarterWidth).run(
                source, outputRows: source.rows, into: &inner, moments: &moments, in: workspace)
            let reading = reading(moments, norm: norm, rectified: true)
            moments = ChannelMoments(channels: quarter)
            pass(filters.residual[2 * block + 1], reading: reading, height: quarterHeight, width: quarterWidth).run(
                inner, outputRows: source.rows, into: &outer, moments: &moments, in: workspace)
            source.add(
                outer, reading: self.reading(moments, norm: norm + 1, rectified: false), rows: source.rows,
                in: workspace)
        }
    }

    /// Rows at the half resolution that the last convolution reads: the enlarged quarter resolution, convolved but not yet
    /// normalised, and the frame's own pixels behind it.
    private func joint(_ source: BlockTensor, rows: Range<Int>, moments: inout ChannelMoments?) -> BlockTensor {
        var output = BlockTensor(
            channels: joined, rows: rows, fullHeight: 2 * quarterHeight, width: 2 * quarterWidth, pool: workspace.pool)
        pass(filters.up, height: quarterHeight, width: quarterWidth, enlargement: 2).run(
            source, outputRows: rows, into: &output, moments: &moments, in: workspace)
        return output
    }

    private func decode(_ source: BlockTensor, _ whole: Tensor, _ strips: [Range<Int>]) -> Tensor {
        let own = ShuffledPlanes(whole, by: 2, firstBlock: half / 16)
        let halves = strips.map { 2 * $0.lowerBound..<2 * $0.upperBound }
        var moments: ChannelMoments? = ChannelMoments(channels: half)
        if halves.count > 1 { for rows in halves { _ = joint(source, rows: rows, moments: &moments) } }
        var output = Tensor(uninitialized: [3, height, width], pool: workspace.pool)
        for rows in halves {
            var none: ChannelMoments?
            let least = axis(2 * quarterHeight).reach(rows, taps: 3)
            // Both rows of every one that is enlarged.
            let reach = least.lowerBound / 2 * 2..<(least.upperBound + 1) / 2 * 2
            var read =
                halves.count > 1
                ? joint(source, rows: reach, moments: &none) : joint(source, rows: reach, moments: &moments)
            if !filters.last.reads(own) { read.unshuffle(whole, by: 2, firstBlock: half / 16, in: workspace) }
            var pixels = BlockTensor(
                channels: 12, rows: rows, fullHeight: 2 * quarterHeight, width: 2 * quarterWidth, pool: workspace.pool)
            let last = pass(
                filters.last, bias: filters.bias,
                reading: reading(moments, norm: style.gains.count - 1, rectified: true).continued(to: joined),
                pixels: own,
                height: 2 * quarterHeight, width: 2 * quarterWidth)
            last.run(read, outputRows: rows, into: &pixels, moments: &none, in: workspace)
            paint(pixels, into: &output)
        }
        return output
    }

    /// Writes what the last layer gave, with `heldShare` of the previous output in it.
    private func paint(_ pixels: BlockTensor, into output: inout Tensor) {
        let held = layout.heldShare
        input.withFloats { input in
            guard held > 0, let input = input.baseAddress else {
                return pixels.shuffle(into: &output, in: workspace)
            }
            nonisolated(unsafe) let source = input
            pixels.shuffle(into: &output, in: workspace) { line, number in
                let (mask, previous) = heldLine(number, of: source)
                bf_kernels_current().pointee.style.hold(mask, previous, held, width, line)
            }
        }
    }
}
