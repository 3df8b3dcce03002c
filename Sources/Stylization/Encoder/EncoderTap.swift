import Tensors

/// A place in a perceptual encoder whose features a loss can look at: the output of a convolution after ReLU.
package struct EncoderTap: Sendable, Equatable {
    /// VGG's name of the place: `relu1_1`.
    package let name: String
    /// The number of channels C of the features.
    package let channels: Int
    /// Image pixels from one feature to the next: the features of an H×W image are H / stride × W / stride,
    /// rounded down.
    package let stride: Int
    /// M = AᵀA, `[C, C]`, symmetric, for an encoder that carries another one's features: with A the map to the
    /// other's features, dᵀ M d is the squared length of a difference d in the other's space, and tr(M D M D)
    /// that of a difference D of Gram matrices. Nil where differences count as they are.
    package let metric: Tensor?
    /// Whether style losses look here by default.
    package let isStyle: Bool
    /// Whether the content loss looks here by default.
    package let isContent: Bool
}
