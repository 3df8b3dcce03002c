import Tensors

extension StyleNetworkParameters {
    /// Where training begins: uniform filters of variance 2 / fan-in (He et al. 2015), the four filters of the last
    /// convolution that make one colour of 2×2 pixels alike, so that nothing of a checkerboard is there to be unlearned
    /// (Aitken et al. 2017); γ 1, β 0.
    package init(seeded layout: StyleNetworkLayout, names: [String], seed: UInt64 = 1) {
        var random = SplitMix64(seed: seed)
        var values: [Float] = []
        values.reserveCapacity(Self.count(layout))
        for convolution in layout.convolutions {
            let each = convolution.inputs * 9
            let spread = ((convolution.norm == nil ? 1 : 6) / Float(each)).squareRoot()
            let alike = convolution.norm == nil ? 4 : 1
            for _ in 0..<convolution.outputs / alike {
                let filter = (0..<each).map { _ in (2 * random.unit() - 1) * spread }
                for _ in 0..<alike { values += filter }
            }
        }
        values += [Float](repeating: 0, count: 12)
        for _ in 0..<layout.styles {
            for width in layout.normWidths {
                values += [Float](repeating: 1, count: width) + [Float](repeating: 0, count: width)
            }
        }
        self.init(layout: layout, names: names, values: Tensor([values.count], values))
    }
}
