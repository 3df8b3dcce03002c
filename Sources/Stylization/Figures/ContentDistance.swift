import Tensors

/// How far a picture is from a frame in content, for reports: relative to the frame's energy, in the space that the
/// encoder's metric leads to; 0 is equal.
package struct ContentDistance: Sendable {
    private let encoder: PerceptualEncoder

    /// Measures with an encoder's content features.
    package init(encoder: PerceptualEncoder) {
        self.encoder = encoder
    }

    /// The relative squared difference of the content features of `image` and `frame`.
    package func content(
        of image: PlanarImage, from frame: PlanarImage, rows: ParallelRows, pool: TensorPool? = nil
    ) -> Double {
        let loss = ContentLoss(frame: frame.tensor, encoder: encoder, rows: rows, pool: pool)
        let tap = encoder.contentTap
        let activations = encoder.evaluate(image.tensor, taps: [tap], rows: rows, pool: pool)
        return activations.features[tap].map { loss.value(of: $0, rows: rows, pool: pool) } ?? 0
    }
}
