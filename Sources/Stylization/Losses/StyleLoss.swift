import NeuralNet
import Tensors

/// How far one layer's style statistics are from the painting's, relative to the painting's own energy.
///
/// With D the difference of the two Gram matrices (or covariances), A the painting's and M the encoder's
/// metric: tr(M D M D) / tr(M A M A), so that weights mean the same for every encoder, layer and size. For
/// moments, with the differences of the means and of the standard deviations:
/// (dμᵀ M dμ + Σ M_cc dσ_c²) over the same of the painting's own.
package struct StyleLoss: Sendable {
    /// The painting's statistics.
    package let target: FeatureStatistics
    private let metric: FeatureMetric
    private let inverseEnergy: Double

    /// Compares with `target`, the painting's statistics. A target that is 0 everywhere makes a loss of 0.
    package init(target: FeatureStatistics, metric: FeatureMetric) {
        self.target = target
        self.metric = metric
        let energy = Self.energy(target, metric: metric)
        inverseEnergy = energy > 0 ? 1 / energy : 0
    }

    /// The loss of statistics that are at hand.
    package func value(of statistics: FeatureStatistics) -> Double {
        compare(statistics).value
    }

    /// The loss of `features`, `[C, H, W]`; adds `weight` times its gradient to `gradient`, nil for nothing so far.
    package func evaluate(
        _ features: BlockTensor,
        weight: Double,
        addingTo gradient: inout BlockTensor?,
        rows: ParallelRows,
        pool: TensorPool? = nil
    ) -> Double {
        let workspace = Workspace(rows: rows, pool: pool)
        let statistics = FeatureStatistics(features, kind: target.kind, rows: rows, pool: pool)
        let (value, pull) = compare(statistics)
        let channels = statistics.channels
        let positions = features.rows.count * features.width
        switch target.kind {
        case .gram:
            let scale = Float(4 * weight * inverseEnergy / Double(channels * positions))
            gradient.add(features.multiplied(by: pull, factor: scale, in: workspace), in: workspace)
        case .covariance:
            let scale = 4 * weight * inverseEnergy / Double(channels * positions)
            let offsets = (0..<channels).map { row in
                -scale
                    * (0..<channels).reduce(0.0) { sum, column in
                        sum + Double(pull[row * channels + column]) * statistics.mean[column]
                    }
            }
            var product = features.multiplied(by: pull, factor: Float(scale), in: workspace)
            product.normalize(
                ChannelReading(
                    scales: Array(repeating: 1, count: channels), offsets: offsets.map { Float($0) }, rectified: false),
                in: workspace)
            gradient.add(product, in: workspace)
        case .moments:
            let scale = 2 * weight * inverseEnergy / Double(positions)
            let slope = (0..<channels).map { scale * Double(pull[channels + $0]) / statistics.deviation[$0] }
            let offset = (0..<channels).map { scale * Double(pull[$0]) - slope[$0] * statistics.mean[$0] }
            gradient.add(
                features,
                reading: ChannelReading(
                    scales: slope.map { Float($0) }, offsets: offset.map { Float($0) }, rectified: false),
                in: workspace)
        }
        return value
    }

    /// The loss, and half its derivative by the statistics times the energy: M D M, or M dμ then M_cc dσ.
    private func compare(_ statistics: FeatureStatistics) -> (value: Double, pull: [Float]) {
        precondition(
            statistics.kind == target.kind && statistics.channels == target.channels,
            "\(statistics.kind) of \(statistics.channels) channels against \(target.kind) of \(target.channels)"
        )
        switch target.kind {
        case .gram, .covariance:
            let difference = zip(statistics.matrix, target.matrix).map { $0 - $1 }
            let pull = metric.sandwiched(difference)
            return (zip(difference, pull).reduce(0) { $0 + $1.0 * Double($1.1) } * inverseEnergy, pull)
        case .moments:
            let mean = zip(statistics.mean, target.mean).map { $0 - $1 }
            let deviation = zip(statistics.deviation, target.deviation).map { $0 - $1 }
            let pull = Self.momentsPull(mean, deviation, metric: metric)
            let value = zip(mean + deviation, pull).reduce(0) { $0 + $1.0 * $1.1 }
            return (value * inverseEnergy, pull.map { Float($0) })
        }
    }

    private static func momentsPull(_ mean: [Double], _ deviation: [Double], metric: FeatureMetric) -> [Double] {
        metric.applied(to: mean) + zip(deviation, metric.diagonal).map { $0 * $1 }
    }

    private static func energy(_ target: FeatureStatistics, metric: FeatureMetric) -> Double {
        switch target.kind {
        case .gram, .covariance:
            return zip(target.matrix, metric.sandwiched(target.matrix)).reduce(0) { $0 + $1.0 * Double($1.1) }
        case .moments:
            let pull = momentsPull(target.mean, target.deviation, metric: metric)
            return zip(target.mean + target.deviation, pull).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }
}
