import Tensors

/// A feed-forward network that paints a picture in one of its styles, or in a blend of them.
///
/// Immutable once made; any number of threads may use one at once.
package final class StyleNetwork: Sendable {
    /// What its convolutions are packed as.
    private enum Filters: Sendable {
        case johnson(JohnsonFilters)
        case shuffle(ShuffleFilters)
    }

    /// Its form and extents.
    package let layout: StyleNetworkLayout
    /// What numbers it takes and gives; `paint` converts from and to colours 0…1.
    package let range: StyleNetworkRange
    /// Its styles.
    package let styles: [StyleVector]
    /// What its styles are called; empty where the file does not say.
    package let names: [String]
    private let filters: Filters

    /// Packs the filters of a network of the form `johnson`.
    ///
    /// - Parameter weights: `[out, in, k, k]` and `[out]` of every convolution, in the order of
    ///   `layout.convolutions`.
    package init(
        layout: StyleNetworkLayout, range: StyleNetworkRange, weights: [(weight: Tensor, bias: Tensor)],
        styles: [StyleVector]
    ) {
        let convolutions = layout.convolutions
        precondition(
            layout.form == .johnson && weights.count == convolutions.count
                && zip(weights, convolutions).allSatisfy {
                    $0.weight.shape == $1.shape && $0.bias.shape == [$1.outputs]
                }
                && layout.widths.allSatisfy { $0 % 16 == 0 } && layout.inputChannels < 16,
            "\(weights.map(\.weight.shape)) for \(convolutions)")
        self.layout = layout
        self.range = range
        self.styles = styles
        names = []
        filters = .johnson(JohnsonFilters(weights: weights, range: range))
    }

    /// Packs the filters of a network of the form `shuffle`.
    package init(_ parameters: StyleNetworkParameters, precision: NetworkPrecision = .float) {
        layout = parameters.layout
        range = StyleNetworkRange(input: .unit, output: .sigmoid)
        styles = (0..<parameters.layout.styles).map(parameters.style)
        names = parameters.names
        filters = .shuffle(ShuffleFilters(parameters, precision: precision))
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
            style.gains.map(\.count) == layout.normWidths && style.biases.map(\.count) == layout.normWidths,
            "a style of \(style.gains.count) layers for a network of \(layout.normWidths.count)")
        switch filters {
        case .johnson(let filters):
            var run = JohnsonRun(layout: layout, filters: filters, style: style, input: input, workspace: workspace)
            let fits = run.wholeBytes <= memoryBudget
            if !fits { run.quarterRows = run.stripRows(memoryBudget) }
            var output = fits ? run.whole() : run.inStrips()
            range.output.finish(&output, in: workspace)
            return output
        case .shuffle(let filters):
            return ShuffleRun(layout: layout, filters: filters, style: style, input: input, workspace: workspace)
                .paint(memoryBudget: memoryBudget)
        }
    }

    /// The layers of the form `johnson` on a frame, to be timed one by one; nil for any other.
    func johnsonRun(_ input: Tensor, in workspace: Workspace) -> JohnsonRun? {
        guard case .johnson(let filters) = filters else { return nil }
        return JohnsonRun(layout: layout, filters: filters, style: styles[0], input: input, workspace: workspace)
    }
}
