import Tensors

/// All numbers of a network of the form `shuffle` in one tensor, as an optimiser sees them: the filters of every convolution
/// `[out, in, k, k]` in the order of the layers, the bias of the last one, then style by style the γ and β of every
/// normalisation.
package struct StyleNetworkParameters: Sendable {
    /// The network's form and extents.
    package let layout: StyleNetworkLayout
    /// What its styles are called; as many as there are.
    package let names: [String]
    /// `[count]`.
    package var values: Tensor

    /// Wraps `values`, `[count(layout)]`.
    package init(layout: StyleNetworkLayout, names: [String], values: Tensor) {
        precondition(
            layout.form == .shuffle && names.count == layout.styles && values.shape == [Self.count(layout)],
            "\(values.shape) for \(layout), styles \(names)")
        self.layout = layout
        self.names = names
        self.values = values
    }

    /// The filters of `other` with other styles, at least one, of its widths.
    package init(sharing other: StyleNetworkParameters, styles: [StyleVector], names: [String]) {
        let old = other.layout
        let layout = StyleNetworkLayout(
            form: old.form, inputChannels: old.inputChannels, widths: old.widths, residualBlocks: old.residualBlocks,
            styles: styles.count)
        var values = Tensor([Self.count(layout)])
        values.withMutableFloats { floats in
            other.values.withFloats { _ = floats.update(fromContentsOf: $0[..<Self.sharedCount(old)]) }
        }
        self.init(layout: layout, names: names, values: values)
        for (index, style) in styles.enumerated() { setStyle(index, to: style) }
    }

    /// The parameters of a network.
    package static func count(_ layout: StyleNetworkLayout) -> Int {
        sharedCount(layout) + layout.styles * styleCount(layout)
    }

    /// The filters and the bias, which all styles share.
    package static func sharedCount(_ layout: StyleNetworkLayout) -> Int {
        layout.convolutions.reduce(0) { $0 + $1.shape.count } + 3
    }

    /// γ and β of one style.
    package static func styleCount(_ layout: StyleNetworkLayout) -> Int { 2 * layout.normWidths.reduce(0, +) }

    /// Where the filters of a convolution lie.
    package func filterRange(_ index: Int) -> Range<Int> {
        let convolutions = layout.convolutions
        let first = convolutions[..<index].reduce(0) { $0 + $1.shape.count }
        return first..<first + convolutions[index].shape.count
    }

    /// Where γ and β of a style lie.
    package func styleRange(_ style: Int) -> Range<Int> {
        precondition((0..<layout.styles).contains(style), "style \(style) of \(layout.styles)")
        let size = Self.styleCount(layout)
        let first = Self.sharedCount(layout) + style * size
        return first..<first + size
    }

    /// The filters of the convolutions that are normalised, a row for each output.
    package var normalizedFilters: [Muon.Matrix] {
        layout.convolutions.enumerated().filter { $0.element.norm != nil }.map { index, convolution in
            Muon.Matrix(range: filterRange(index), rows: convolution.outputs)
        }
    }

    /// A copy of the filters of a convolution.
    package func filters(_ index: Int) -> Tensor {
        Tensor(layout.convolutions[index].shape, copy(filterRange(index)))
    }

    /// The filters of a convolution as it is computed, `[out, in, 3, 3]`.
    func computedFilters(_ index: Int) -> Tensor {
        let isLast = index == layout.convolutions.count - 1
        return isLast ? shuffledFilters.shuffled(filters(index)) : filters(index)
    }

    /// How the last convolution is computed.
    var shuffledFilters: ShuffledFilters {
        ShuffledFilters(activations: layout.widths[0], inputs: layout.inputChannels)
    }

    /// The bias of the last convolution.
    package var lastBias: [Float] {
        let end = Self.sharedCount(layout)
        return copy(end - 3..<end)
    }

    /// A style's γ and β.
    package func style(_ index: Int) -> StyleVector {
        var rest = copy(styleRange(index))[...]
        var (gains, biases): ([[Float]], [[Float]]) = ([], [])
        for width in layout.normWidths {
            gains.append(Array(rest.prefix(width)))
            biases.append(Array(rest.dropFirst(width).prefix(width)))
            rest = rest.dropFirst(2 * width)
        }
        return StyleVector(gains: gains, biases: biases)
    }

    /// Replaces a style's γ and β.
    package mutating func setStyle(_ index: Int, to style: StyleVector) {
        let flat = zip(style.gains, style.biases).flatMap { $0 + $1 }
        let range = styleRange(index)
        precondition(flat.count == range.count, "a style of \(flat.count) values for \(range.count)")
        values.withMutableFloats { floats in
            for (at, value) in zip(range, flat) { floats[at] = value }
        }
    }

    private func copy(_ range: Range<Int>) -> [Float] { values.withFloats { Array($0[range]) } }
}
