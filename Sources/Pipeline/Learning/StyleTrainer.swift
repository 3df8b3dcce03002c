import NeuralNet
import Stylization
import Tensors
import Training

/// Trains a style network; the styles take turns over the pairs.
struct StyleTrainer: StepTrainer {
    let lossNames = ["total", "content", "style", "variation", "consistency"]
    /// The network as it is now.
    var network: StyleNetworkParameters { trainer.network }

    private var trainer: NetworkTrainer

    init(_ trainer: NetworkTrainer) { self.trainer = trainer }

    var state: [String: Tensor] {
        get { trainer.state }
        set { trainer.state = newValue }
    }

    mutating func step(_ number: Int, batch: [TrainingPair]) -> [Float] {
        let styles = trainer.network.layout.styles
        let parts = trainer.step(
            batch.enumerated().map { index, pair in
                TrainingItem(pair: pair, style: (number * batch.count + index) % styles)
            })
        let weights = trainer.configuration.losses
        return [
            parts.total(weights), weights.contentWeight * parts.content, weights.styleWeight * parts.style,
            weights.totalVariationWeight * parts.totalVariation, weights.temporalWeight * parts.temporal,
        ].map(Float.init)
    }
}
