import NeuralNet
import Tensors

/// The mean squared difference of one layer's features from the frame's, relative to the frame's own energy.
///
/// With d the difference at a position, t the frame's features there and M the encoder's metric:
/// Σ dᵀ M d / Σ tᵀ M t.
package struct ContentLoss: Sendable {
    private let target: BlockTensor
    private let metric: FeatureMetric
    private let inverseEnergy: Double

    /// Compares with `target`, the frame's features, `[C, H, W]`. A target that is 0 everywhere makes a loss
    /// of 0.
    package init(target: BlockTensor, metric: FeatureMetric, rows: ParallelRows, pool: TensorPool? = nil) {
        self.target = target
        self.metric = metric
        let measured = metric.applied(to: target, in: Workspace(rows: rows, pool: pool))
        let energy = target.blocks.dot(measured.blocks, rows: rows)
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

    /// The loss of `features`, of the target's shape; adds `weight` times its gradient to `gradient`, nil for nothing
    /// so far.
    package func evaluate(
        _ features: BlockTensor,
        weight: Double,
        addingTo gradient: inout BlockTensor?,
        rows: ParallelRows,
        pool: TensorPool? = nil
    ) -> Double {
        let workspace = Workspace(rows: rows, pool: pool)
        let (difference, pull) = compare(features, in: workspace)
        let scales = Array(repeating: Float(2 * weight * inverseEnergy), count: pull.channels)
        gradient.add(
            pull, reading: ChannelReading(scales: scales, offsets: scales.map { _ in 0 }, rectified: false),
            in: workspace)
        return difference.blocks.dot(pull.blocks, rows: rows) * inverseEnergy
    }

    /// The loss of `features` alone.
    package func value(of features: BlockTensor, rows: ParallelRows, pool: TensorPool? = nil) -> Double {
        let (difference, pull) = compare(features, in: Workspace(rows: rows, pool: pool))
        return difference.blocks.dot(pull.blocks, rows: rows) * inverseEnergy
    }

    /// The difference from the target, and what the metric makes of it.
    private func compare(_ features: BlockTensor, in workspace: Workspace) -> (BlockTensor, BlockTensor) {
        var difference = features
        difference.blocks = features.blocks.combined(
            with: target.blocks, rows: workspace.rows, pool: workspace.pool
        ) { $0 - $1 }
        return (difference, metric.applied(to: difference, in: workspace))
    }
}
