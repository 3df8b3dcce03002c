import NeuralNet
import Tensors

/// The style statistics of one layer's features.
package struct FeatureStatistics: Sendable, Equatable {
    /// Which statistics these are.
    package let kind: StyleStatistics
    /// C.
    package let channels: Int
    /// `[C, C]`, row-major: the Gram matrix F Fᵀ / (C·H·W), or that of the centred features; empty for moments.
    package let matrix: [Double]
    /// The mean of every channel; empty for the Gram matrix.
    package let mean: [Double]
    /// The standard deviation of every channel; only for moments.
    package let deviation: [Double]

    /// Added to a channel's variance before the root, so that a constant channel has a gradient.
    static let varianceFloor = 1e-8

    /// Takes up a Gram matrix, `[channels, channels]`, that was measured before.
    package init(gram: [Double], channels: Int) {
        precondition(gram.count == channels * channels, "\(gram.count) values for \(channels) channels")
        kind = .gram
        self.channels = channels
        matrix = gram
        mean = []
        deviation = []
    }

    /// Measures `features`, `[C, H, W]`.
    package init(_ features: BlockTensor, kind: StyleStatistics, rows: ParallelRows, pool: TensorPool? = nil) {
        let workspace = Workspace(rows: rows, pool: pool)
        let channels = features.channels
        let positions = Double(features.rows.count * features.width)
        self.kind = kind
        self.channels = channels
        switch kind {
        case .gram:
            matrix = features.outerProduct(in: workspace).map { $0 / (Double(channels) * positions) }
            mean = []
            deviation = []
        case .covariance:
            let means = ChannelMoments(of: features, in: workspace).means
            var matrix = features.outerProduct(in: workspace)
            for row in 0..<channels {
                for column in 0..<channels {
                    let index = row * channels + column
                    matrix[index] = (matrix[index] / positions - means[row] * means[column]) / Double(channels)
                }
            }
            self.matrix = matrix
            mean = means
            deviation = []
        case .moments:
            let moments = ChannelMoments(of: features, in: workspace)
            matrix = []
            mean = moments.means
            deviation = moments.variances.map { ($0 + Self.varianceFloor).squareRoot() }
        }
    }
}
