import CKernels
import Tensors

/// Mean and variance of every channel of an activation, gathered while it is written: shifted sums of every stripe
/// in Float32, combined in the order of the stripes in Double (Chan, Golub and LeVeque 1983), so that the result does
/// not depend on threads.
package struct ChannelMoments: Sendable {
    /// Values per channel so far.
    package private(set) var count = 0
    /// One per channel.
    package private(set) var means: [Double]
    private var squares: [Double]

    /// Σ (x − mean)² / count, one per channel.
    package var variances: [Double] { squares.map { $0 / Double(max(count, 1)) } }

    /// The moments of nothing.
    package init(channels: Int) {
        means = Array(repeating: 0, count: channels)
        squares = means
    }

    /// The moments of an activation that is there.
    package init(of tensor: BlockTensor, in workspace: Workspace) {
        self.init(channels: tensor.channels)
        let (count, blocks, stride) = (tensor.rows.count * tensor.width, tensor.blockCount, tensor.blockStride)
        let grain = 4096
        let stripes = MomentStripes(
            stripes: ParallelRows.stripeCount(rows: count, grain: grain), blockCount: blocks)
        tensor.blocks.withFloats { floats in
            nonisolated(unsafe) let source = floats.baseAddress
            workspace.rows.run(rows: count, grain: grain) { stripe, range in
                guard let source else { return }
                for block in 0..<blocks {
                    stripes.add(
                        source + block * stride + range.lowerBound * 16, count: range.count, block: block,
                        stripe: stripe)
                }
            }
        }
        stripes.combine(into: &self)
    }

    /// Adds the sums of `count` values per channel, one element per block of 16 channels.
    mutating func add(_ sums: [bf_moments], count added: Int) {
        guard added > 0 else { return }
        let (before, fresh) = (Double(count), Double(added))
        let total = before + fresh
        for block in sums.indices {
            withUnsafeBytes(of: sums[block]) { bytes in
                let floats = bytes.bindMemory(to: Float.self)
                for lane in 0..<min(16, means.count - block * 16) {
                    let sum = Double(floats[16 + lane])
                    let mean = Double(floats[lane]) + sum / fresh
                    let square = max(0, Double(floats[32 + lane]) - sum * sum / fresh)
                    let difference = mean - means[block * 16 + lane]
                    means[block * 16 + lane] += difference * fresh / total
                    squares[block * 16 + lane] += square + difference * difference * before * fresh / total
                }
            }
        }
        count += added
    }

    /// Instance normalisation as the next layer reads it: gain · (x − mean) / √(variance + epsilon) + bias.
    package func reading(gains: [Float], biases: [Float], epsilon: Double = 1e-5, rectified: Bool) -> ChannelReading {
        precondition(
            gains.count == means.count && biases.count == means.count,
            "\(gains.count) gains, \(biases.count) biases for \(means.count) channels")
        let variances = variances
        let scales = means.indices.map { Double(gains[$0]) / (variances[$0] + epsilon).squareRoot() }
        return ChannelReading(
            scales: scales.map(Float.init),
            offsets: means.indices.map { Float(Double(biases[$0]) - scales[$0] * means[$0]) },
            rectified: rectified)
    }
}
