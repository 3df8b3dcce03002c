import Tensors

/// One scale and one offset for every channel, which the next layer applies as it reads.
enum ChannelNormalization: Sendable {
    /// gain · (x − mean) / √(variance + epsilon) + bias, by the channel's own mean and variance.
    case instance(gains: [Float], biases: [Float], epsilon: Float)
    /// scale · x + offset.
    case affine(scales: [Float], offsets: [Float])

    /// Whether mean and variance are needed.
    var needsMoments: Bool {
        switch self {
        case .instance: true
        case .affine: false
        }
    }

    /// What the next layer does; moments must be there where they are needed.
    func reading(_ moments: ChannelMoments?, rectified: Bool) -> ChannelReading {
        switch self {
        case .affine(let scales, let offsets):
            return ChannelReading(scales: scales, offsets: offsets, rectified: rectified)
        case .instance(let gains, let biases, let epsilon):
            guard let moments else { preconditionFailure("normalisation without moments") }
            return moments.reading(gains: gains, biases: biases, epsilon: Double(epsilon), rectified: rectified)
        }
    }
}
