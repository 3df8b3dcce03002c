import Tensors

extension StyleNetwork {
    /// A network with reproducible weights that were never trained, for measuring: values keep their spread from layer to
    /// layer. One style, 0…1 in and out.
    package convenience init(seeded layout: StyleNetworkLayout) {
        var random = SplitMix64(seed: 1)
        let weights = layout.convolutions.map { convolution in
            let taps = convolution.inputs * convolution.side * convolution.side
            let spread = (12 / Float(taps)).squareRoot()
            return (
                weight: Tensor(
                    convolution.shape, (0..<convolution.shape.count).map { _ in (random.unit() - 0.5) * spread }),
                bias: Tensor([convolution.outputs])
            )
        }
        let normalized = layout.convolutions.filter { $0.norm != nil }
        let style = StyleVector(
            gains: normalized.map { [Float](repeating: 1, count: $0.outputs) },
            biases: normalized.map { [Float](repeating: 0, count: $0.outputs) })
        self.init(
            layout: layout, range: StyleNetworkRange(input: .unit, output: .sigmoid), weights: weights,
            styles: [style])
    }
}
