import Tensors

/// The packed convolutions of a network of the form `shuffle`.
struct ShuffleFilters: Sendable {
    let stem: StyleFilters
    let residual: [StyleFilters]
    let up: StyleFilters
    let last: StyleFilters
    /// Of the last convolution, a whole block.
    let bias: [Float]

    /// Packs all filters.
    init(_ parameters: StyleNetworkParameters, precision: NetworkPrecision) {
        let up = parameters.layout.convolutions.count - 2
        let filters = parameters.layout.convolutions.indices.map {
            StyleFilters(
                weight: parameters.computedFilters($0), enlargement: $0 == up ? 2 : 1, precision: precision)
        }
        self.init(filters, bias: parameters.lastBias)
    }

    /// Takes the packed filters of all convolutions in order, and the bias of the last, `[3]`.
    init(_ filters: [StyleFilters], bias: [Float]) {
        stem = filters[0]
        residual = Array(filters[1..<filters.count - 2])
        up = filters[filters.count - 2]
        last = filters[filters.count - 1]
        self.bias = bias.flatMap { [Float](repeating: $0, count: 4) } + [Float](repeating: 0, count: 4)
    }
}
