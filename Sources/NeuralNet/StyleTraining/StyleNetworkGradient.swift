import Tensors

/// The gradient of a loss on a frame that a network of the form `shuffle` painted.
package struct StyleNetworkGradient: Sendable {
    /// By the shared parameters, then by γ and β of the style that painted it, `[TrainableStyleNetwork.gradientCount]`.
    package let parameters: Tensor
    /// By the previous output times the mask, as the network saw it, `[3, H, W]`; nil where it was not asked for.
    package let previous: Tensor?
}
