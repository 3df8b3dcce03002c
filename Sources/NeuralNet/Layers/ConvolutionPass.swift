import CKernels
import Tensors

/// One run of packed 3×3 filters over an image, forwards or backwards, stripe by stripe: copies the rows that
/// a stripe reads into scratch memory, borders included, and calls the kernel row by row.
struct ConvolutionPass: Sendable {
    let filters: PackedFilters
    let height: Int
    let width: Int
    let padding: Padding

    /// - Parameter input: `[filters.inputs, height, width]`.
    /// - Returns: `[filters.outputs, height, width]`, max(·, 0) of it if `rectified`.
    func forward(_ input: Tensor, rectified: Bool, in workspace: Workspace) -> Tensor {
        let layout = StagedRows(channels: filters.inputs, width: width, height: height, extraRows: 2)
        return run(layout, in: workspace) { stripe in
            input.withFloats { stripe.stage(input: $0, padding: padding) }
            convolve(stripe, rectified: rectified) { y in
                (stripe.offset(ofRow: y - 1), stripe.offset(ofRow: y), stripe.offset(ofRow: y + 1))
            }
        }
    }

    /// The transpose of `forward`, padding included; `filters` are the transposed ones.
    ///
    /// Row −1 of the padded input has a gradient too: the last filter row times row 0 of `gradient`. It counts
    /// towards the row that was read in its place, so there the last filter row meets the sum of two rows of
    /// `gradient`. Likewise below; the two columns are added afterwards.
    ///
    /// - Parameters:
    ///   - gradient: dL/doutput, `[filters.inputs, height, width]`; plus: added to it.
    ///   - output: where it is not above 0, the gradient counts as 0 (ReLU).
    /// - Returns: dL/dinput, `[filters.outputs, height, width]`.
    func gradient(
        _ gradient: Tensor, plus addend: Tensor?, where output: Tensor?, in workspace: Workspace
    ) -> Tensor {
        let layout = StagedRows(channels: filters.inputs, width: width, height: height, extraRows: 4)
        let (above, below) = (padding.before(height), padding.after(height))
        return run(layout, in: workspace) { stripe in
            stripe.stage(gradient: gradient, plus: addend, where: output)
            if let above, stripe.rows.contains(above) { stripe.add(row: above + 1, and: 0, slot: 0) }
            if let below, stripe.rows.contains(below) { stripe.add(row: below - 1, and: height - 1, slot: 1) }
            convolve(stripe, rectified: false) { y in
                (
                    y == below ? stripe.offset(ofSlot: 1) : stripe.offset(ofRow: y - 1),
                    stripe.offset(ofRow: y),
                    y == above ? stripe.offset(ofSlot: 0) : stripe.offset(ofRow: y + 1)
                )
            } finish: { y, block, offsets in
                foldColumns(stripe, row: y, block: block, offsets: offsets)
            }
        }
    }

    private func run(
        _ layout: StagedRows, in workspace: Workspace, _ body: @Sendable (ConvolutionStripe) -> Void
    ) -> Tensor {
        var result = Tensor(uninitialized: [filters.outputs, height, width], pool: workspace.pool)
        result.withMutableFloats { result in
            nonisolated(unsafe) let destination = result
            workspace.rows.run(rows: height, grain: layout.grain) { _, rows in
                var scratch = Tensor(uninitialized: [layout.count], pool: workspace.pool)
                scratch.withMutableFloats { scratch in
                    body(
                        ConvolutionStripe(
                            layout: layout, height: height, rows: rows, staged: scratch, destination: destination))
                }
            }
        }
        return result
    }

    /// Computes every row of the stripe for every block of eight output channels.
    private func convolve(
        _ stripe: ConvolutionStripe,
        rectified: Bool,
        offsets: (_ y: Int) -> (Int, Int, Int),
        finish: (_ y: Int, _ block: Int, _ offsets: [Int]) -> Void = { _, _, _ in }
    ) {
        let kernel = bf_kernels_current().pointee.convolution.row
        let plane = height * width
        for block in 0..<filters.blockCount {
            filters.withBlock(block) { outputs, weights, bias in
                for y in stripe.rows {
                    let (top, middle, bottom) = offsets(y)
                    let rowOffsets = [top, middle, bottom]
                    kernel?(
                        stripe.staged.baseAddress, stripe.layout.channelStride, rowOffsets, filters.inputs, weights,
                        bias, rectified ? 1 : 0,
                        stripe.destination.baseAddress.map { $0 + block * 8 * plane + y * width }, plane, outputs,
                        width)
                    finish(y, block, rowOffsets)
                }
            }
        }
    }

    /// Adds what columns −1 and `width` of the padded input's gradient count towards.
    private func foldColumns(_ stripe: ConvolutionStripe, row: Int, block: Int, offsets: [Int]) {
        guard let left = padding.before(width), let right = padding.after(width),
            let staged = stripe.staged.baseAddress, let kernel = bf_kernels_current().pointee.convolution.column
        else { return }
        let plane = height * width
        filters.withBlock(block) { outputs, weights, _ in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 8) { sums in
                for (source, tap, target) in [(0, 2, left), (width - 1, 0, right)] {
                    kernel(
                        staged + 1 + source, stripe.layout.channelStride, offsets, filters.inputs, weights, tap,
                        sums.baseAddress)
                    for output in 0..<outputs {
                        stripe.destination[(block * 8 + output) * plane + row * width + target] += sums[output]
                    }
                }
            }
        }
    }
}
