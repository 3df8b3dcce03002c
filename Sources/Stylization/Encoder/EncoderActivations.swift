import NeuralNet
import Tensors

/// What a perceptual encoder made of one image: the features asked for, and what the gradient needs.
package struct EncoderActivations: Sendable {
    /// The features of the taps asked for, by the tap's index in `PerceptualEncoder.layers`: `[C, h, w]`, at
    /// least 0.
    package let features: [Int: BlockTensor]
    /// The image after normalisation, `[3, H, W]`.
    let normalized: Tensor
    /// The output of every step that ran.
    let outputs: [BlockTensor]
}
