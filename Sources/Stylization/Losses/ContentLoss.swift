import NeuralNet
import Tensors

/// The mean squared difference of one layer's features from the frame's, relative to the frame's own energy.
///
/// With d the difference at a position, t the frame's features there and M the encoder's metric:
/// Σ dᵀ M d / Σ tᵀ M t.
package struct ContentLoss: Sendable {
    private let target: Tensor
    private let metric: FeatureMetric
    private let inverseEnergy: Double

    /// Compares with `target`, the frame's features, `[C, H, W]`. A target that is 0 everywhere makes a loss
    /// of 0.
    package init(target: Tensor, metric: FeatureMetric, rows: ParallelRows, pool: TensorPool? = nil) {
        self.target = target
        self.metric = metric
        let energy = target.dot(metric.applied(to: target, rows: rows, pool: pool), rows: rows)
        inverseEnergy = energy > 0 ? 1 / energy : 0
    }

    /// Compares with `frame`, `[3, H, W]`, at the encoder's content tap.
    package init(frame: Tensor, encoder: PerceptualEncoder, rows: ParallelRows, pool: TensorPool? = nil) {
        let tap = encoder.contentTap
        let activations = encoder.evaluate(frame, taps: [tap], rows: rows, pool: pool)
        guard let features = activations.features[tap] else {
            preconditionFailure("the encoder left out its content tap \(tap)")
        }
        let metric = FeatureMetric(encoder.layers[tap].metric, channels: encoder.layers[tap].channels)
        self.init(target: features, metric: metric, rows: rows, pool: pool)
    }

    /// The loss of `features`, of the target's shape; adds `weight` times its gradient to `gradient`.
    package func evaluate(
        _ features: Tensor,
        weight: Double,
        addingTo gradient: inout Tensor,
        rows: ParallelRows,
        pool: TensorPool? = nil
    ) -> Double {
        let difference = features.combined(with: target, rows: rows, pool: pool) { $0 - $1 }
        let pull = metric.applied(to: difference, rows: rows, pool: pool)
        gradient.add(Float(2 * weight * inverseEnergy), pull, rows: rows)
        return difference.dot(pull, rows: rows) * inverseEnergy
    }

    /// The loss of `features` alone.
    package func value(of features: Tensor, rows: ParallelRows, pool: TensorPool? = nil) -> Double {
        let difference = features.combined(with: target, rows: rows, pool: pool) { $0 - $1 }
        return difference.dot(metric.applied(to: difference, rows: rows, pool: pool), rows: rows) * inverseEnergy
    }
}
