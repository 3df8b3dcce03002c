import Tensors

/// What makes one style of a network: γ and β of every normalisation, in the order of the layers.
package struct StyleVector: Sendable, Equatable {
    /// γ: one array a layer, one value a channel.
    package let gains: [[Float]]
    /// β, likewise.
    package let biases: [[Float]]

    /// Makes a style from its values.
    package init(gains: [[Float]], biases: [[Float]]) {
        self.gains = gains
        self.biases = biases
    }

    /// Σ weight · style: a linear blend where the weights sum to 1.
    package static func blend(_ styles: [(style: StyleVector, weight: Float)]) -> StyleVector {
        guard let first = styles.first?.style else { return StyleVector(gains: [], biases: []) }
        func sum(_ part: (StyleVector) -> [[Float]]) -> [[Float]] {
            part(first).indices.map { layer in
                part(first)[layer].indices.map { channel in
                    styles.reduce(0) { $0 + $1.weight * part($1.style)[layer][channel] }
                }
            }
        }
        return StyleVector(gains: sum(\.gains), biases: sum(\.biases))
    }
}
