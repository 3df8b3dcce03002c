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
}
