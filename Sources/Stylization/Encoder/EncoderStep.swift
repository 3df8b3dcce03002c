import NeuralNet

/// One layer of a perceptual encoder.
enum EncoderStep: Sendable {
    /// A convolution with ReLU, and the index of the tap on its output.
    case convolution(Convolution3x3, tap: Int?)
    case pooling(Pooling2x2)
}
