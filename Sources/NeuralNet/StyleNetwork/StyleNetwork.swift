import Tensors

/// A feed-forward network that paints a picture in one of its styles, or in a blend of them.
///
/// Immutable once made; any number of threads may use one at once.
package final class StyleNetwork: Sendable {
    /// Its extents.
    package let layout: StyleNetworkLayout
    /// What numbers it takes and gives; `paint` converts from and to colours 0…1.
    package let range: StyleNetworkRange
    /// Its styles.
    package let styles: [StyleVector]
    let first: DirectFilters
    let down: [DirectFilters]
    let residual: [WinogradFilters]
    let up: [WinogradFilters]
    let last: FoldedFilters
    /// Of all convolutions but the last, whole blocks.
    let biases: [[Float]]

    /// Packs the filters.
    ///
    /// - Parameter weights: `[out, in, k, k]` and `[out]` of every convolution, in the order of
    ///   `layout.convolutions`.
    package init(
        layout: StyleNetworkLayout, range: StyleNetworkRange, weights: [(weight: Tensor, bias: Tensor)],
        styles: [StyleVector]
    ) {
        let convolutions = layout.convolutions
        precondition(
            weights.count == convolutions.count
                && zip(weights, convolutions).allSatisfy {
                    $0.weight.shape == [$1.outputs, $1.inputs, $1.side, $1.side] && $0.bias.shape == [$1.outputs]
                } && layout.widths.allSatisfy { $0 % 16 == 0 } && layout.inputChannels < 16,
            "\(weights.map(\.weight.shape)) for \(convolutions)")
        self.layout = layout
        self.range = range
        self.styles = styles
        let count = weights.count
        first = DirectFilters(weight: Self.scaledInput(weights[0].weight, range: range), planes: true)
        down = weights[1...2].map { DirectFilters(weight: $0.weight) }
        residual = weights[3..<count - 3].map { WinogradFilters(weight: $0.weight) }
        up = weights[count - 3..<count - 1].map { WinogradFilters(weight: $0.weight) }
        let scale: Float = range.output == .bytes ? 1 / 255 : 1
        let final = weights[count - 1]
        last = FoldedFilters(
            weight: Tensor(final.weight.shape, final.weight.values.map { $0 * scale }),
            bias: final.bias.values.map { $0 * scale })
        biases = weights.dropLast().map(\.bias.values)
    }

    /// Paints a frame.
    ///
    /// - Parameters:
    ///   - input: `[inputChannels, H, W]`, any H and W: R G B 0…1; for seven channels then the previous output warped
    ///     to this frame times the mask, then the mask (1 = reliable), all zero on the first frame of a shot.
    ///   - style: one of `styles`, or a blend.
    ///   - memoryBudget: bytes of activations beyond which the full and half resolutions are computed in strips, some of
    ///     them up to three times: slower, and equal to rounding.
    /// - Returns: `[3, H, W]`, R G B, clamped to 0…1.
    package func paint(
        _ input: Tensor, style: StyleVector, memoryBudget: Int = 480 << 20, in workspace: Workspace
    ) -> Tensor {
        precondition(
            input.shape.rank == 3 && input.shape[0] == layout.inputChannels && input.count > 0,
            "\(input.shape) for a network of \(layout.inputChannels) channels")
        precondition(
            zip(style.gains, biases).allSatisfy { $0.count == $1.count } && style.gains.count == biases.count
                && zip(style.gains, style.biases).allSatisfy { $0.count == $1.count },
            "a style of \(style.gains.count) layers for a network of \(biases.count)")
        var run = StyleNetworkRun(network: self, style: style, input: input, workspace: workspace)
        let fits = run.wholeBytes <= memoryBudget
        if !fits { run.quarterRows = run.stripRows(memoryBudget) }
        var output = fits ? run.whole() : run.inStrips()
        range.output.finish(&output, in: workspace)
        return output
    }

    /// The first filters times 255 for colours, where the network takes 0…255.
    private static func scaledInput(_ weight: Tensor, range: StyleNetworkRange) -> Tensor {
        guard range.input == .bytes else { return weight }
        let (channels, taps) = (weight.shape[1], weight.shape[2] * weight.shape[3])
        // The seventh channel is the mask, which is no colour.
        let values = weight.values.enumerated().map { $1 * ($0 / taps % channels == 6 ? 1 : 255) }
        return Tensor(weight.shape, values)
    }
}
