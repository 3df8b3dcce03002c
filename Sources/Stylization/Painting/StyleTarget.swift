import Tensors

/// The painting as a target: its style losses at the size that goes with one size of the frame.
package struct StyleTarget: Sendable {
    /// One layer's loss.
    package struct Layer: Sendable {
        /// The layer's index in the encoder's `layers`.
        package let tap: Int
        /// How far from the painting.
        package let loss: StyleLoss
    }

    /// The losses, shallow to deep.
    package let losses: [Layer]

    /// Measures `painting`, scaled so that its area is `scale`² times that of a `height`×`width` frame, its
    /// proportions kept and no side below the encoder's smallest.
    package init(
        painting: PlanarImage,
        height: Int,
        width: Int,
        scale: Double,
        statistics: StyleStatistics,
        encoder: PerceptualEncoder,
        rows: ParallelRows,
        pool: TensorPool? = nil
    ) {
        let area = Double(painting.height * painting.width)
        let factor = scale * (Double(height * width) / area).squareRoot()
        let size = [painting.height, painting.width].map {
            max(encoder.minimumSide, Int((Double($0) * factor).rounded()))
        }
        var scaled = Resampler(
            inputHeight: painting.height, inputWidth: painting.width, height: size[0], width: size[1],
            filter: .bicubic
        ).resample(painting.tensor, rows: rows, pool: pool)
        scaled.clamp(to: 0...1, rows: rows)
        let activations = encoder.evaluate(scaled, taps: Set(encoder.styleTaps), rows: rows, pool: pool)
        losses = activations.features.sorted { $0.key < $1.key }.map { tap, features in
            let layer = encoder.layers[tap]
            return Layer(
                tap: tap,
                loss: StyleLoss(
                    target: FeatureStatistics(features, kind: statistics, rows: rows, pool: pool),
                    metric: FeatureMetric(layer.metric, channels: layer.channels)))
        }
    }
}
