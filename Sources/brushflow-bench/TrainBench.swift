import ArgumentParser
import Foundation
import Media
import NeuralNet
import OpticalFlow
import Stylization
import Tensors
import Training

/// Trains a style network on crops of photographs that move by whole pixels, and paints a picture with it.
struct TrainBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Trains a style network; prints losses and milliseconds a step.")

    @Argument(help: "Paintings, one a style.") var styles: [String]
    @Option(help: "A folder of photographs.") var photos: String
    @Option(help: "Photographs at most.") var most = 200
    @Option(help: "Steps.") var steps = 300
    @Option(help: "Pairs a step.") var batch = 2
    @Option(help: "Rows and columns of a crop.") var side = 192
    @Option(help: "Widths at half and quarter resolution.") var widths = "32,48"
    @Option(help: "Residual blocks.") var blocks = 4
    @Option(help: "Learning rate.") var rate = 2e-3
    @Option(help: "Weight of consistency.") var consistency = 20.0
    @Option(help: "Weight of style.") var weight = 5.0
    @Option(help: "Weight of total variation.") var variation = 2.0
    @Option(help: "A weight file to start from.") var start: String?
    @Option(help: "A picture to paint; PNG files are written beside --out.") var picture: String?
    @Option(help: "Where the weights go.") var out: String?
    @Option(help: "A weight file of an encoder; without one, the slim encoder.") var encoder: String?
    @Option(help: "Threads.") var threads = 2

    func run() throws {
        let encoder = try encoder.map { try PerceptualEncoder.load(path: $0) } ?? PerceptualEncoder.slim()
        let (rows, pool) = (ParallelRows(threads: threads), TensorPool(capacity: 2 << 30))
        let layout = StyleNetworkLayout(
            form: .shuffle, inputChannels: 7, widths: widths.split(separator: ",").compactMap { Int($0) },
            residualBlocks: blocks, styles: styles.count)
        let network =
            try start.map { try StyleNetworkParameters.load(path: $0) }
            ?? StyleNetworkParameters(seeded: layout, names: styles)
        let targets = try styles.map {
            StyleTarget(
                painting: try ImageFile.read(path: $0), height: 384, width: 384, scale: 1, statistics: .gram,
                encoder: encoder, rows: rows, pool: pool)
        }
        var trainer = NetworkTrainer(
            network: network, targets: targets, encoder: encoder,
            configuration: TrainingConfiguration(
                styleWeight: weight, totalVariationWeight: variation, consistencyWeight: consistency,
                learningRate: rate, steps: steps),
            rows: rows, pool: pool)
        let files = try FileManager.default.contentsOfDirectory(atPath: photos).sorted().filter { $0.hasSuffix("jpg") }
        let pictures = try files.prefix(most).map { try ImageFile.read(path: "\(photos)/\($0)") }
        var random = SplitMix64(seed: 1)
        var (sum, seconds) = (LossParts(), [Double]())
        for step in 0..<steps {
            let items = (0..<batch).map { index in
                TrainingItem(
                    pair: Self.pair(pictures[Int(random.next() % UInt64(pictures.count))], side, &random),
                    style: (step * batch + index) % styles.count)
            }
            let elapsed = ContinuousClock().measure { sum.add(trainer.step(items)) }
            seconds.append(Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
            guard (step + 1) % 20 == 0 || step + 1 == steps else { continue }
            let count = Double(step % 20 + 1)
            print(
                String(
                    format: "%d: content %.3f style %.3f variation %.4f consistency %.5f, %.0f ms a step", step + 1,
                    sum.content / count, sum.style / count, sum.totalVariation / count, 2 * sum.temporal / count,
                    seconds.sorted()[seconds.count / 2] * 1e3))
            fflush(nil)
            sum = LossParts()
        }
        guard let out else { return }
        try trainer.network.write(path: out)
        guard let picture else { return }
        let model = StyleNetwork(trainer.network)
        let source = try ImageFile.read(path: picture)
        let workspace = Workspace(rows: rows, pool: pool)
        for style in styles.indices {
            let size: Shape = [7, source.height, source.width]
            let plane = source.height * source.width
            var input = Tensor(size, source.tensor.values + [Float](repeating: 0, count: 4 * plane))
            for pass in 0..<2 {
                let painted = model.paint(input, style: model.styles[style], in: workspace)
                try ImageFile.write(PlanarImage(painted), path: "\(out)-\(style)-\(pass).png", overwrite: true)
                input = Tensor(
                    size, source.tensor.values + painted.values + [Float](repeating: 1, count: plane))
            }
        }
    }

    /// A crop, and the same crop from up to eight pixels away with some noise.
    static func pair(_ picture: PlanarImage, _ size: Int, _ random: inout SplitMix64) -> TrainingPair {
        let side = min(size, (min(picture.height, picture.width) - 8) / 4 * 4)
        func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        let (dy, dx) = (below(17) - 8, below(17) - 8)
        let top = max(0, -dy) + below(picture.height - side - abs(dy) + 1)
        let left = max(0, -dx) + below(picture.width - side - abs(dx) + 1)
        let noise = (0..<1024).map { _ in (random.unit() + random.unit() + random.unit() - 1.5) * 0.04 }
        let shift = below(1024)
        let values = picture.tensor
        func crop(_ top: Int, _ left: Int, _ strength: Float) -> Tensor {
            values.withFloats { floats in
                Tensor(
                    [3, side, side],
                    (0..<3 * side * side).map { index in
                        let (c, y, x) = (index / (side * side), index / side % side, index % side)
                        let value = floats[(c * picture.height + top + y) * picture.width + left + x]
                        return min(max(value + strength * noise[(index &* 7919 &+ shift) & 1023], 0), 1)
                    })
            }
        }
        let plane = side * side
        let mask = (0..<plane).map { index -> Float in
            let (y, x) = (index / side + dy, index % side + dx)
            return y >= 0 && y < side && x >= 0 && x < side ? 1 : 0
        }
        return TrainingPair(
            earlier: crop(top, left, 0), later: crop(top + dy, left + dx, 1),
            flow: FlowField(Tensor([2, side, side], (0..<2 * plane).map { $0 < plane ? Float(dx) : Float(dy) })),
            reliability: ReliabilityMask(Tensor([1, side, side], mask)))
    }
}
