import ArgumentParser
import NeuralNet
import Stylization
import Tensors

/// Times what one step of pixel optimisation costs in the encoder: features at every style tap, Gram losses on
/// them, and their gradient to the image.
struct EncoderStepBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encoder-step",
        abstract: "Times loss and gradient of Gram losses at every style tap; prints the median in milliseconds."
    )

    @Option(help: "Columns of the image.") var width = 640
    @Option(help: "Rows of the image.") var height = 360
    @Option(help: "Timed steps, after one that is not.") var runs = 9
    @Option(help: "Threads.") var threads = 2
    @Option(help: "A weight file; without one, the slim encoder.") var encoder: String?

    func run() throws {
        let encoder = try encoder.map { try PerceptualEncoder.load(path: $0) } ?? PerceptualEncoder.slim()
        let (rows, pool) = (ParallelRows(threads: threads), TensorPool(capacity: 2 << 30))
        let image = Tensor(
            [3, height, width], (0..<3 * height * width).map { Float($0 * 7919 % 1009) / 1009 }, pool: pool)
        let painting = Tensor([3, height, width], image.values.reversed())
        let target = encoder.evaluate(painting, taps: Set(encoder.styleTaps), rows: rows, pool: pool).features
        let losses = target.mapValues {
            StyleLoss(
                target: FeatureStatistics($0, kind: .gram, rows: rows, pool: pool),
                metric: FeatureMetric(nil, channels: $0.channels))
        }
        var milliseconds: [Double] = []
        for run in 0...runs {
            let elapsed = ContinuousClock().measure {
                let activations = encoder.evaluate(image, taps: Set(encoder.styleTaps), rows: rows, pool: pool)
                var gradients: [Int: BlockTensor] = [:]
                for (tap, features) in activations.features {
                    _ = losses[tap]?.evaluate(
                        features, weight: 1, addingTo: &gradients[tap], rows: rows, pool: pool)
                }
                _ = encoder.imageGradient(activations, tapGradients: gradients, rows: rows, pool: pool)
            }
            let (seconds, attoseconds) = elapsed.components
            if run > 0 { milliseconds.append(Double(seconds) * 1e3 + Double(attoseconds) * 1e-15) }
        }
        print(milliseconds.sorted()[milliseconds.count / 2])
    }
}
