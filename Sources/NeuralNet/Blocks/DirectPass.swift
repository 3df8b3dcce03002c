import CKernels
import Tensors

/// One convolution of any filter size, stride and dilation, by the micro-kernel over staged patches: every output pixel
/// of a row is a product that runs over the filter's rows where they lie.
struct DirectPass: Sendable {
    /// What is convolved.
    enum Input: Sendable {
        /// An activation, read as said.
        case blocks(BlockTensor, ChannelReading?)
        /// Planes `[C, H, W]`, C < 16.
        case planes(Tensor)
    }

    let filters: DirectFilters
    /// One per output channel, whole blocks; where columns are folded, one per output of the fold.
    let bias: [Float]
    let rows: ReadAxis
    let columns: ReadAxis
    /// Whether max(·, 0) is written.
    let rectified: Bool

    /// Floats of a staged patch: a share of a core's second-level cache.
    private static let patchFloats = 96 << 10

    /// Output rows and columns that are computed from one staged patch, and the patch's extents.
    struct Geometry {
        let height: Int
        let width: Int
        let patchRows: Int
        let patchColumns: Int
        let across: Int

        func count(rows: Int) -> Int { (rows + height - 1) / height * across }
    }

    /// The patches for an output of `outputWidth` columns; `taps`: columns that one output reads.
    func geometry(outputRows: Int, outputWidth: Int, taps: Int) -> Geometry {
        let pixel = filters.inputBlocks * filters.lanes
        let reachRows = (filters.rows - 1) * rows.dilation + 1
        let reachColumns = (taps - 1) * columns.dilation + 1
        func floats(_ height: Int, _ width: Int) -> Int {
            ((height - 1) * rows.stride + reachRows) * ((width - 1) * columns.stride + reachColumns) * pixel
        }
        var width = min(outputWidth, 168)
        while width > 28, floats(2, width) > Self.patchFloats { width -= 14 }
        let across = (outputWidth + width - 1) / width
        width = (outputWidth + across - 1) / across
        var height = 1
        while height < min(16, outputRows), floats(height + 1, width) <= Self.patchFloats { height += 1 }
        return Geometry(
            height: height, width: width, patchRows: (height - 1) * rows.stride + reachRows,
            patchColumns: (width - 1) * columns.stride + reachColumns, across: across)
    }

    /// Computes rows `outputRows` of `output`, which holds them; their moments are added to `moments` where there
    /// are any.
    func run(
        _ input: Input, outputRows: Range<Int>, into output: inout BlockTensor, moments: inout ChannelMoments?,
        in workspace: Workspace
    ) {
        precondition(
            output.channels == filters.outputs && output.holds(outputRows),
            "\(output.channels) channels for \(filters.outputs), rows \(outputRows) of \(output.rows)")
        let (width, offset) = (output.width, output.offset(ofRow: outputRows.lowerBound))
        let geometry = geometry(outputRows: outputRows.count, outputWidth: width, taps: filters.columns)
        let count = geometry.count(rows: outputRows.count)
        let stripes = moments.map { _ in MomentStripes(stripes: count, blockCount: output.blockCount) }
        let (blockStride, blockCount) = (output.blockStride, output.blockCount)
        output.blocks.withMutableFloats { pixels in
            nonisolated(unsafe) let target = pixels.baseAddress.map { $0 + offset }
            forEachPatch(input, geometry, outputRows: outputRows, outputWidth: width, in: workspace) { patch, place in
                guard let target else { return }
                for y in place.rows {
                    let to = target + ((y - outputRows.lowerBound) * width + place.columns.lowerBound) * 16
                    multiply(
                        patch, row: y - place.rows.lowerBound, bias: bias, destination: to,
                        destinationStride: blockStride, count: place.columns.count)
                    if rectified { rectify(to, blockStride: blockStride, count: place.columns.count) }
                    guard let stripes else { continue }
                    for block in 0..<blockCount {
                        stripes.add(
                            to + block * blockStride, count: place.columns.count, block: block, stripe: place.stripe)
                    }
                }
            }
        }
        if var found = moments {
            stripes?.combine(into: &found)
            moments = found
        }
    }

    /// Where one patch's outputs lie.
    struct Place {
        let stripe: Int
        let rows: Range<Int>
        let columns: Range<Int>
    }

    /// Stages patch after patch and hands each to `body`.
    func forEachPatch(
        _ input: Input, _ geometry: Geometry, outputRows: Range<Int>, outputWidth: Int, in workspace: Workspace,
        _ body: @Sendable (StagedPatch, Place) -> Void
    ) {
        let held: Range<Int>
        switch input {
        case .blocks(let tensor, _):
            precondition(tensor.channels == filters.inputs, "\(tensor.channels) channels for \(filters.inputs)")
            precondition(filters.lanes == 16, "blocks for filters of \(filters.lanes) lanes")
            held = tensor.rows
        case .planes(let planes):
            precondition(
                planes.shape[0] == filters.inputs && filters.lanes < 16,
                "\(planes.shape) for \(filters.inputs) channels")
            held = 0..<planes.shape[1]
        }
        let start = outputRows.lowerBound * rows.stride
        let reach = (outputRows.count - 1) * rows.stride + (filters.rows - 1) * rows.dilation + 1
        let rowTable = rows.table(start..<start + reach, relativeTo: held.lowerBound)
        precondition(rowTable.allSatisfy { $0 < held.count }, "rows beyond \(held)")
        let columnTable = columns.table(0..<(outputWidth - 1) * columns.stride + geometry.patchColumns)
        let patchFloats = filters.inputBlocks * filters.lanes * geometry.patchRows * geometry.patchColumns
        workspace.rows.run(rows: geometry.count(rows: outputRows.count), grain: 1) { stripe, _ in
            var scratch = Tensor(uninitialized: [patchFloats + 16], pool: workspace.pool)
            scratch.withMutableFloats { scratch in
                guard let base = scratch.baseAddress else { return }
                let top = stripe / geometry.across * geometry.height
                let left = stripe % geometry.across * geometry.width
                let height = min(geometry.height, outputRows.count - top)
                let width = min(geometry.width, outputWidth - left)
                let patchRows = geometry.patchRows - (geometry.height - height) * rows.stride
                let patchColumns = geometry.patchColumns - (geometry.width - width) * columns.stride
                let patch = StagedPatch(
                    lanes: filters.lanes, blockCount: filters.inputBlocks, rows: patchRows, columns: patchColumns,
                    floats: base)
                let rowPart = rowTable[top * rows.stride..<top * rows.stride + patchRows]
                let columnPart = columnTable[left * columns.stride..<left * columns.stride + patchColumns]
                switch input {
                case .blocks(let tensor, let reading):
                    patch.stage(tensor, reading: reading, rowTable: rowPart, columnTable: columnPart)
                case .planes(let planes):
                    patch.stage(planes: planes, rowTable: rowPart, columnTable: columnPart)
                }
                let first = outputRows.lowerBound + top
                body(patch, Place(stripe: stripe, rows: first..<first + height, columns: left..<left + width))
            }
        }
    }

    private func rectify(_ pixels: UnsafeMutablePointer<Float>, blockStride: Int, count: Int) {
        for block in 0..<filters.outputBlocks {
            let pixels = pixels + block * blockStride
            for index in 0..<count * 16 { pixels[index] = max(pixels[index], 0) }
        }
    }

    /// One row of outputs of a patch.
    func multiply(
        _ patch: StagedPatch, row: Int, bias: [Float]?, destination: UnsafeMutablePointer<Float>,
        destinationStride: Int, count: Int
    ) {
        let (blocks, lanes) = (filters.inputBlocks, filters.lanes)
        // Without dilation the columns of a filter row lie side by side and are one segment.
        let parts = columns.dilation == 1 ? 1 : filters.columns
        let length = columns.dilation == 1 ? filters.columns * lanes : lanes
        withUnsafeTemporaryAllocation(
            of: UnsafePointer<Float>?.self, capacity: filters.rows * blocks * parts
        ) { segments in
            var at = 0
            for filterRow in 0..<filters.rows {
                for block in 0..<blocks {
                    let source = patch.row(row * rows.stride + filterRow * rows.dilation, block: block)
                    for part in 0..<parts {
                        segments.initializeElement(at: at, to: UnsafePointer(source + part * columns.dilation * lanes))
                        at += 1
                    }
                }
            }
            filters.packed.withFloats { packed in
                (bias ?? []).withUnsafeBufferPointer { biases in
                    bf_kernels_current().pointee.blocks.product(
                        segments.baseAddress, segments.count, length, columns.stride * lanes, packed.baseAddress,
                        filters.depth * 16, bias == nil ? nil : biases.baseAddress, destination, destinationStride,
                        filters.outputBlocks, count)
                }
            }
        }
    }
}
