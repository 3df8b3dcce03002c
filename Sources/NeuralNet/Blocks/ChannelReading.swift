import Tensors

/// What becomes of an activation's values as the next layer reads them: scale · x + offset for each channel, then
/// max(·, 0) if `rectified`. So instance normalisation never needs a pass of its own.
package struct ChannelReading: Sendable {
    /// One per channel, filled up with zeros to whole blocks of 16.
    let scales: [Float]
    /// One per channel, filled up with zeros to whole blocks of 16.
    let offsets: [Float]
    /// Whether ReLU follows.
    let rectified: Bool

    /// Makes a reading from one scale and one offset per channel.
    package init(scales: [Float], offsets: [Float], rectified: Bool) {
        precondition(scales.count == offsets.count, "\(scales.count) scales, \(offsets.count) offsets")
        let rest = Array(repeating: Float(0), count: BlockTensor.blockCount(scales.count) * 16 - scales.count)
        self.scales = scales + rest
        self.offsets = offsets + rest
        self.rectified = rectified
    }

    /// What another reading, or none, does, with or without ReLU behind it.
    init(_ other: ChannelReading?, channels: Int, rectified: Bool) {
        let count = BlockTensor.blockCount(channels) * 16
        scales = other?.scales ?? Array(repeating: 1, count: count)
        offsets = other?.offsets ?? Array(repeating: 0, count: count)
        self.rectified = rectified
    }
}
