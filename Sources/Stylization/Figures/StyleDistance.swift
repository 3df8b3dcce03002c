import Tensors

/// How far pictures are from a painting in style, for reports: relative to the painting's energy, in the space that
/// the encoder's metric leads to; 0 is equal.
package struct StyleDistance: Sendable {
    private let target: StyleTarget
    private let encoder: PerceptualEncoder
    private let statistics: StyleStatistics

    /// Measures against a style at the size that goes with a `height`×`width` frame.
    package init(
        _ style: StyleReference,
        height: Int,
        width: Int,
        scale: Double = 1,
        statistics: StyleStatistics = .gram,
        encoder: PerceptualEncoder,
        rows: ParallelRows,
        pool: TensorPool? = nil
    ) {
        self.encoder = encoder
        self.statistics = statistics
        target = style.target(
            height: height, width: width, scale: scale, statistics: statistics, encoder: encoder, rows: rows, pool: pool
        )
    }

    /// Σ over the style layers of the relative squared difference; with Gram matrices and VGG-19 this is the
    /// usual style distance ‖G − A‖² / ‖A‖².
    package func style(of image: PlanarImage, rows: ParallelRows, pool: TensorPool? = nil) -> Double {
        let activations = encoder.evaluate(image.tensor, taps: Set(encoder.styleTaps), rows: rows, pool: pool)
        return target.losses.reduce(0) { sum, layer in
            guard let features = activations.features[layer.tap] else { return sum }
            return sum
                + layer.loss.value(of: FeatureStatistics(features, kind: statistics, rows: rows, pool: pool))
        }
    }
}
