import ArgumentParser
import NeuralNet
import OpticalFlow
import Stylization
import Tensors
import Training

/// Times one step of training a style network on pairs of noise.
struct TrainingStepBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "training-step",
        abstract: "Times a training step of a style network; prints the median in milliseconds."
    )

    @Option(help: "Rows and columns of a frame.") var side = 256
    @Option(help: "Pairs of frames in a batch.") var pairs = 2
    @Option(help: "Timed steps, after one that is not.") var runs = 5
    @Option(help: "Threads.") var threads = 2
    @Option(help: "A weight file of the encoder; without one, the slim encoder.") var encoder: String?
    @Flag(help: "Train one style's γ and β alone.") var styleOnly = false

    func run() throws {
        let encoder = try encoder.map { try PerceptualEncoder.load(path: $0) } ?? PerceptualEncoder.slim()
        let (rows, pool) = (ParallelRows(threads: threads), TensorPool(capacity: 4 << 30))
        var random = SplitMix64(seed: 1)
        func noise(_ shape: Shape) -> Tensor { Tensor(shape, (0..<shape.count).map { _ in random.unit() }) }
        let target = StyleTarget(
            painting: PlanarImage(noise([3, 384, 384])), height: 384, width: 384, scale: 1, statistics: .gram,
            encoder: encoder, rows: rows, pool: pool)
        let network = StyleNetworkParameters(seeded: .shipped(styles: 1), names: ["noise"])
        var trainer = NetworkTrainer(
            network: network, targets: [target], encoder: encoder,
            configuration: TrainingConfiguration(steps: 1000, styleSteps: styleOnly ? 1000 : 0), rows: rows,
            pool: pool)
        let batch = (0..<pairs).map { _ in
            TrainingItem(
                pair: TrainingPair(
                    earlier: noise([3, side, side]), later: noise([3, side, side]),
                    flow: FlowField(Tensor([2, side, side], filledWith: 3)),
                    reliability: ReliabilityMask(Tensor([1, side, side], filledWith: 1))), style: 0)
        }
        var milliseconds: [Double] = []
        for run in 0...runs {
            let elapsed = ContinuousClock().measure { _ = trainer.step(batch) }
            let (seconds, attoseconds) = elapsed.components
            if run > 0 { milliseconds.append(Double(seconds) * 1e3 + Double(attoseconds) * 1e-15) }
        }
        print(milliseconds.sorted()[milliseconds.count / 2])
    }
}
