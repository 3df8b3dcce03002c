import CKernels
import Tensors

/// The three steps of a Winograd convolution over borrowed memory: tiles are transformed, multiplied and transformed
/// back. Transformed tiles lie as `[positions][input blocks][tiles][16]`, products as `[positions][output blocks][tiles][16]`,
/// with a gap after each position, which would else compete for the same cache lines.
///
/// `@unchecked Sendable`: it lives within the closures that lend its memory, and stripes write apart.
struct WinogradJob: @unchecked Sendable {
    /// One phase and where it is written to.
    ///
    /// `@unchecked Sendable`: as the job.
    struct Output: @unchecked Sendable {
        let target: bf_winograd_target
        /// As `WinogradFilters` has them.
        let packed: UnsafePointer<Float>
        let phase: WinogradPhase
    }

    let source: bf_winograd_source
    /// One, or the four of an enlarged picture, the first of which begins where the picture does.
    let outputs: [Output]
    let tiles: Int
    let form: WinogradForm
    /// Input channels, whole blocks.
    let depth: Int
    let outputBlocks: Int

    private static let gap = 16

    private var positions: Int { form.positions }
    private var group: Int { form.group(depth: depth, blocks: outputBlocks) }

    /// Takes `size` tiles after `size` tiles through all three steps, a group of output blocks at a time.
    func runByBlock(of size: Int, moments: inout ChannelMoments?, in workspace: Workspace) {
        let chunk = min(group, outputBlocks)
        // Small pictures are spread over more stripes than they would fill.
        let step = form.tiles
        let size = max(step, min(size, (tiles / 8 + step - 1) / step * step))
        let stripes = moments.map { _ in
            MomentStripes(
                stripes: ParallelRows.stripeCount(rows: tiles, grain: size), blockCount: outputBlocks)
        }
        let scratchCount =
            positions * (depth * size + chunk * 16 * form.room(tiles: size) + 2 * Self.gap)
            + form.scratchFloats(depth: depth)
        workspace.rows.run(rows: tiles, grain: size) { stripe, range in
            var scratch = Tensor(uninitialized: [scratchCount], pool: workspace.pool)
            scratch.withMutableFloats { scratch in
                guard let transformed = scratch.baseAddress else { return }
                let count = range.count
                let transformedStride = depth * count + Self.gap
                let room = form.room(tiles: count)
                let productStride = chunk * 16 * room + Self.gap
                let products = transformed + positions * transformedStride
                let scratch = products + positions * productStride
                transform(
                    blocks: 0..<depth / 16, tiles: range, into: transformed, row: count, stride: transformedStride)
                if form == .words {
                    bf_kernels_current().pointee.words.round(
                        transformed, transformedStride, positions, depth * count, scratch)
                }
                for (index, output) in outputs.enumerated() {
                    for first in Swift.stride(from: 0, to: outputBlocks, by: chunk) {
                        let blocks = first..<min(first + chunk, outputBlocks)
                        multiply(
                            output, positions: 0..<positions, blocks: blocks, count: count, transformed: transformed,
                            transformedStride: transformedStride, products: products, productStride: productStride,
                            scratch: scratch)
                        for block in blocks {
                            finish(
                                output, block: block, tiles: range, products: products + (block - first) * room * 16,
                                stride: productStride, stripe: stripe,
                                moments: index + 1 == outputs.count ? stripes : nil)
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

    /// Takes `size` tiles after `size` tiles through one step after the other, all threads at the same step; of one phase alone.
    func runByStep(of size: Int, moments: inout ChannelMoments?, in workspace: Workspace) {
        let output = outputs[0]
        let size = min(size, tiles)
        let (grain, chunk) = (28, form.sharedBlocks)
        let inputBlocks = depth / 16
        let transformedStride = depth * size + Self.gap
        let productStride = outputBlocks * 16 * form.room(tiles: size) + Self.gap
        var scratch = Tensor(uninitialized: [positions * (transformedStride + productStride)], pool: workspace.pool)
        for start in Swift.stride(from: 0, to: tiles, by: size) {
            let count = min(size, tiles - start)
            let room = form.room(tiles: count)
            let groups = ParallelRows.stripeCount(rows: count, grain: grain)
            let stripes = moments.map { _ in MomentStripes(stripes: groups, blockCount: outputBlocks) }
            @Sendable func range(_ group: Int) -> Range<Int> {
                start + group * grain..<start + min((group + 1) * grain, count)
            }
            scratch.withMutableFloats { scratch in
                guard let base = scratch.baseAddress else { return }
                nonisolated(unsafe) let transformed = base
                nonisolated(unsafe) let products = base + positions * transformedStride
                workspace.rows.run(rows: inputBlocks * groups, grain: 1) { unit, _ in
                    let (block, tiles) = (unit / groups, range(unit % groups))
                    transform(
                        blocks: block..<block + 1, tiles: tiles, into: transformed + (tiles.lowerBound - start) * 16,
                        row: count, stride: transformedStride)
                }
                let chunks = ParallelRows.stripeCount(rows: outputBlocks, grain: chunk)
                workspace.rows.run(rows: positions * chunks, grain: 1) { unit, _ in
                    let (position, first) = (unit / chunks, unit % chunks * chunk)
                    var scratch = Tensor(uninitialized: [form.scratchFloats(depth: depth)], pool: workspace.pool)
                    scratch.withMutableFloats { scratch in
                        guard let scratch = scratch.baseAddress else { return }
                        multiply(
                            output, positions: position..<position + 1,
                            blocks: first..<min(first + chunk, outputBlocks), count: count,
                            transformed: transformed, transformedStride: transformedStride,
                            products: products + first * room * 16, productStride: productStride, scratch: scratch)
                    }
                }
                workspace.rows.run(rows: outputBlocks * groups, grain: 1) { unit, _ in
                    let (block, tiles) = (unit / groups, range(unit % groups))
                    finish(
                        output, block: block, tiles: tiles,
                        products: products + (block * room + tiles.lowerBound - start) * 16, stride: productStride,
                        stripe: unit % groups, moments: stripes)
                }
            }
            if var found = moments {
                stripes?.combine(into: &found)
                moments = found
            }
        }
    }

    /// Transforms blocks of input channels; `row`: tiles from block to block.
    private func transform(
        blocks: Range<Int>, tiles: Range<Int>, into transformed: UnsafeMutablePointer<Float>, row: Int, stride: Int
    ) {
        let kernel = bf_kernels_current().pointee.blocks.winograd_input
        withUnsafePointer(to: source) { source in
            for block in blocks {
                kernel?(source, block, tiles.lowerBound, tiles.count, transformed + block * row * 16, stride)
            }
        }
    }

    /// The products of some positions for some blocks of output channels, `[blocks][room][16]` at each; `transformed`
    /// and `products` begin at position 0, `scratch` is as large as the form asks for.
    private func multiply(
        _ output: Output, positions: Range<Int>, blocks: Range<Int>, count: Int, transformed: UnsafePointer<Float>,
        transformedStride: Int, products: UnsafeMutablePointer<Float>, productStride: Int,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let kernels = bf_kernels_current().pointee.blocks
        let filterFloats = form.filterFloats(depth: depth)
        func filters(_ position: Int) -> UnsafePointer<Float> {
            output.packed + filterFloats
                * WinogradFilters.place(
                    position: position, of: form.positions, block: blocks.lowerBound, group: group,
                    blocks: outputBlocks)
        }
        let first = positions.lowerBound
        switch form {
        case .floats, .largeTiles:
            let inputBlocks = depth / 16
            withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: inputBlocks) { segments in
                for position in positions {
                    guard !output.phase.isZero(at: position) else {
                        (products + position * productStride).update(repeating: 0, count: blocks.count * count * 16)
                        continue
                    }
                    for block in 0..<inputBlocks {
                        segments.initializeElement(
                            at: block, to: transformed + position * transformedStride + block * count * 16)
                    }
                    kernels.product(
                        segments.baseAddress, inputBlocks, 16, 16, filters(position), filterFloats, nil,
                        products + position * productStride, count * 16, blocks.count, count)
                }
            }
        case .split:
            var product = bf_split_product(
                source: transformed + first * transformedStride, source_stride: transformedStride,
                filters: UnsafeRawPointer(filters(first)).assumingMemoryBound(to: UInt16.self),
                filter_stride: (filters(first + 1) - filters(first)) * 2,
                destination: products + first * productStride, destination_stride: form.room(tiles: count) * 16,
                position_stride: productStride, positions: positions.count, blocks: blocks.count, depth: depth,
                pixels: count, scratch: UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: UInt16.self))
            kernels.split_product(&product)
        case .words:
            var product = bf_word_product(
                source: UnsafeRawPointer(transformed).assumingMemoryBound(to: Int16.self),
                source_stride: transformedStride * 2, source_steps: scratch,
                filters: UnsafeRawPointer(filters(first)).assumingMemoryBound(to: Int16.self),
                filter_stride: filterFloats * 2, destination: products, destination_stride: count * 16,
                position_stride: productStride, positions: positions.count, blocks: blocks.count, depth: depth,
                pixels: count, zeros: output.phase.zeros)
            bf_kernels_current().pointee.words.product(&product)
        }
    }

    /// Transforms the products of one block of output channels back, and gathers moments of what all phases have written.
    private func finish(
        _ output: Output, block: Int, tiles: Range<Int>, products: UnsafePointer<Float>, stride: Int, stripe: Int,
        moments: MomentStripes?
    ) {
        withUnsafePointer(to: output.target) { target in
            bf_kernels_current().pointee.blocks.winograd_output(
                target, block, tiles.lowerBound, tiles.count, products, stride)
        }
        let target = outputs[0].target
        guard let moments, let pixels = target.pixels else { return }
        let (across, side, step) = (target.tiles_across, form.side, Int(target.step))
        var first = tiles.lowerBound
        while first < tiles.upperBound {
            let last = min(tiles.upperBound, (first / across + 1) * across)
            let (top, left) = (first / across * side, first % across * side)
            let (bottom, right) = (min(target.height, top + side), min(target.width, (last - 1) % across * side + side))
            for y in step * top..<step * bottom {
                moments.add(
                    pixels + block * target.block_stride + step * (y * target.width + left) * 16,
                    count: step * (right - left), block: block, stripe: stripe)
            }
            first = last
        }
    }
}
