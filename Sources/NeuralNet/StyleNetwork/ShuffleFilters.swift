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
        let layout = parameters.layout
        let filters = layout.convolutions.indices.map { WinogradFilters(weight: parameters.filters($0)) }
        let blocks = 2 * layout.residualBlocks
        stem = filters[0]
        residual = Array(filters[1...blocks])
        up = filters[blocks + 1]
        last = filters[blocks + 2]
        bias = parameters.lastBias + [Float](repeating: 0, count: 4)
    }
}
