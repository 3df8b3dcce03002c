import Tensors

/// The packed convolutions of a network of the form `shuffle`.
struct ShuffleFilters: Sendable {
    let stem: WinogradFilters
    let residual: [WinogradFilters]
    let up: WinogradFilters
    let last: WinogradFilters
    /// Of the last convolution, a whole block.
    let bias: [Float]

    /// Packs all filters.
    init(_ parameters: StyleNetworkParameters) {
        let filters = parameters.layout.convolutions.indices.map {
            WinogradFilters(weight: parameters.computedFilters($0))
        }
        self.init(filters, bias: parameters.lastBias)
    }

    /// Takes the packed filters of all convolutions in order, and the bias of the last, `[3]`.
    init(_ filters: [WinogradFilters], bias: [Float]) {
        stem = filters[0]
        residual = Array(filters[1..<filters.count - 2])
        up = filters[filters.count - 2]
        last = filters[filters.count - 1]
        self.bias = bias.flatMap { [Float](repeating: $0, count: 4) } + [Float](repeating: 0, count: 4)
    }
}
