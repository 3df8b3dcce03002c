import Tensors

/// The packed convolutions of a network of the form `johnson`.
struct JohnsonFilters: Sendable {
    let first: DirectFilters
    let down: [DirectFilters]
    let residual: [WinogradFilters]
    let up: [WinogradFilters]
    let last: FoldedFilters
    /// Of all convolutions but the last, whole blocks.
    let biases: [[Float]]

    /// Packs `[out, in, k, k]` and `[out]` of every convolution, in the order of `layout.convolutions`.
    init(weights: [(weight: Tensor, bias: Tensor)], range: StyleNetworkRange) {
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

    /// The first filters times 255 for colours, where the network takes 0…255.
    private static func scaledInput(_ weight: Tensor, range: StyleNetworkRange) -> Tensor {
        guard range.input == .bytes else { return weight }
        let (channels, taps) = (weight.shape[1], weight.shape[2] * weight.shape[3])
        // The seventh channel is the mask, which is no colour.
        let values = weight.values.enumerated().map { $1 * ($0 / taps % channels == 6 ? 1 : 255) }
        return Tensor(weight.shape, values)
    }
}
