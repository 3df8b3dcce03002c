import NeuralNet
import Tensors

/// The loss that a painted frame minimises, and its gradient by the pixels.
package struct Objective {
    private let encoder: PerceptualEncoder
    private let style: StyleTarget
    private let content: ContentLoss?
    private let temporal: TemporalLoss?
    private let configuration: StylizationConfiguration
    private let rows: ParallelRows
    private let pool: TensorPool?

    /// Makes the loss of one frame at one size.
    ///
    /// - Parameters:
    ///   - frame: the frame, `[3, H, W]`, 0…1.
    ///   - temporal: the tie to the previous painted frame, or nil.
    package init(
        frame: Tensor,
        style: StyleTarget,
        temporal: TemporalLoss?,
        encoder: PerceptualEncoder,
        configuration: StylizationConfiguration,
        rows: ParallelRows,
        pool: TensorPool?
    ) {
        self.encoder = encoder
        self.style = style
        self.temporal = configuration.temporalWeight > 0 ? temporal : nil
        self.configuration = configuration
        self.rows = rows
        self.pool = pool
        if configuration.contentWeight > 0 {
            content = ContentLoss(frame: frame, encoder: encoder, rows: rows, pool: pool)
        } else {
            content = nil
        }
    }

    /// The loss of `image`, `[3, H, W]`, and its gradient.
    package func evaluate(_ image: Tensor) -> Evaluation {
        let (parts, gradient) = evaluateParts(image)
        return Evaluation(loss: parts.total(configuration), gradient: gradient)
    }

    /// The losses of `image`, `[3, H, W]`, one by one, and the gradient of their weighted sum.
    package func evaluateParts(_ image: Tensor) -> (parts: LossParts, gradient: Tensor) {
        var (parts, gradient) = perceptualLoss(image)
        if configuration.totalVariationWeight > 0 {
            parts.totalVariation = TotalVariationLoss().evaluate(
                image, weight: configuration.totalVariationWeight, addingTo: &gradient, rows: rows)
        }
        if let temporal {
            parts.temporal = temporal.evaluate(
                image, weight: configuration.temporalWeight, addingTo: &gradient, rows: rows)
        }
        return (parts, gradient)
    }

    /// Style and content.
    private func perceptualLoss(_ image: Tensor) -> (LossParts, Tensor) {
        var pulls: [Int: BlockTensor] = [:]
        var loss = LossParts()
        let styles = configuration.styleWeight > 0 ? style.losses : []
        let taps = Set(styles.map(\.tap) + (content == nil ? [] : [encoder.contentTap]))
        guard !taps.isEmpty else { return (loss, Tensor(image.shape, filledWith: 0, pool: pool)) }
        let activations = encoder.evaluate(image, taps: taps, rows: rows, pool: pool)
        for tap in taps.sorted() {
            guard let features = activations.features[tap] else { continue }
            var pull: BlockTensor?
            for layer in styles where layer.tap == tap {
                let weight = configuration.styleWeight
                loss.style += layer.loss.evaluate(features, weight: weight, addingTo: &pull, rows: rows, pool: pool)
            }
            if let content, tap == encoder.contentTap {
                let weight = configuration.contentWeight
                loss.content += content.evaluate(features, weight: weight, addingTo: &pull, rows: rows, pool: pool)
            }
            pulls[tap] = pull
        }
        return (loss, encoder.imageGradient(activations, tapGradients: pulls, rows: rows, pool: pool))
    }
}
