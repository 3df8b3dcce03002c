import Tensors

/// A convolution of blocks by whichever way is faster for its shape.
///
/// Winograd's F(4×4, 3×3) wherever it applies (3×3, stride 1, no dilation) and there are at least 7 input channels: per
/// tile and pair of blocks it costs 576 products and some 330 operations of transforms against 2304 products, for one
/// block of input channels as for many. Fewer channels than 7 lie side by side in planes for the direct way, which then
/// needs 144 products a channel.
struct BlockConvolution: Sendable {
    private enum Filters: Sendable {
        case winograd(WinogradFilters)
        case direct(DirectFilters)
    }

    private let filters: Filters
    private let bias: [Float]
    /// Whether max(·, 0) is written.
    private let rectified: Bool
    /// Filter rows and columns.
    let rows: Int
    let columns: Int
    let outputs: Int
    /// Whether the input is planes of few channels.
    let readsPlanes: Bool

    /// Packs the filters.
    ///
    /// - Parameters:
    ///   - weight: `[outputs, inputs, rows, columns]`.
    ///   - bias: `[outputs]` or empty for zeros.
    ///   - plain: whether stride and dilation are 1.
    ///   - blocksOnly: whether the input is blocks however few its channels are.
    init(weight: Tensor, bias: [Float], rectified: Bool, plain: Bool, blocksOnly: Bool = false) {
        outputs = weight.shape[0]
        rows = weight.shape[2]
        columns = weight.shape[3]
        self.rectified = rectified
        self.bias = bias + Array(repeating: 0, count: BlockTensor.blockCount(outputs) * 16 - bias.count)
        let isWinograd = plain && rows == 3 && columns == 3 && (blocksOnly || weight.shape[1] >= 7)
        readsPlanes = !isWinograd && !blocksOnly && weight.shape[1] < 16
        filters =
            isWinograd
            ? .winograd(WinogradFilters(weight: weight))
            : .direct(DirectFilters(weight: weight, planes: readsPlanes))
    }

    /// Computes the rows of `output`.
    func run(
        _ input: DirectPass.Input, rows: ReadAxis, columns: ReadAxis, into output: inout BlockTensor,
        in workspace: Workspace
    ) {
        var none: ChannelMoments?
        run(input, rows: rows, columns: columns, into: &output, moments: &none, in: workspace)
    }

    /// The same; moments of what is written are added to `moments` where there are any.
    func run(
        _ input: DirectPass.Input, rows: ReadAxis, columns: ReadAxis, into output: inout BlockTensor,
        moments: inout ChannelMoments?, in workspace: Workspace
    ) {
        switch filters {
        case .direct(let filters):
            DirectPass(filters: filters, bias: bias, rows: rows, columns: columns, rectified: rectified).run(
                input, outputRows: output.rows, into: &output, moments: &moments, in: workspace)
        case .winograd(let filters):
            guard case .blocks(let blocks, let reading) = input else { preconditionFailure("planes for Winograd") }
            WinogradPass(
                filters: filters, bias: bias, rows: rows, columns: columns, reading: reading, rectified: rectified
            ).run(blocks, outputRows: output.rows, into: &output, moments: &moments, in: workspace)
        }
    }
}
