import Tensors

extension StyleNetworkParameters {
    /// Where training begins: uniform filters of variance 2 / fan-in (He et al. 2015), those of the last convolution a sixth
    /// of it; γ 1, β 0.
    package init(seeded layout: StyleNetworkLayout, names: [String], seed: UInt64 = 1) {
        var random = SplitMix64(seed: seed)
        var values: [Float] = []
        values.reserveCapacity(Self.count(layout))
        for convolution in layout.convolutions {
            let taps = convolution.inputs * convolution.side * convolution.side
            let spread = ((convolution.norm == nil ? 1 : 6) / Float(taps)).squareRoot()
            values += (0..<convolution.shape.count).map { _ in (2 * random.unit() - 1) * spread }
        }
        values += [Float](repeating: 0, count: 3)
        for _ in 0..<layout.styles {
            for width in layout.normWidths {
                values += [Float](repeating: 1, count: width) + [Float](repeating: 0, count: width)
            }
        }
        self.init(layout: layout, names: names, values: Tensor([values.count], values))
    }
}
