import Tensors

extension BlockTensor? {
    /// self ← self + `other`; nil is nothing so far.
    package mutating func add(_ other: BlockTensor, in workspace: Workspace) {
        let ones = Array(repeating: Float(1), count: other.channels)
        guard self != nil else { return self = other }
        self?.add(
            other, reading: ChannelReading(scales: ones, offsets: ones.map { _ in 0 }, rectified: false),
            rows: other.rows, in: workspace)
    }

    /// self ← self + what `reading` makes of `other`; nil is nothing so far.
    package mutating func add(_ other: BlockTensor, reading: ChannelReading, in workspace: Workspace) {
        guard self != nil else {
            self = other
            self?.normalize(reading, in: workspace)
            return
        }
        self?.add(other, reading: reading, rows: other.rows, in: workspace)
    }
}
