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
        var milliseconds: [Double] = []
        for run in 0...runs {
            let elapsed = ContinuousClock().measure {
                let activations = encoder.evaluate(image, taps: Set(encoder.styleTaps), rows: rows, pool: pool)
                let gradients = activations.features.mapValues { Self.gramGradient($0, rows: rows, pool: pool) }
                _ = encoder.imageGradient(activations, tapGradients: gradients, rows: rows, pool: pool)
            }
            let (seconds, attoseconds) = elapsed.components
            if run > 0 { milliseconds.append(Double(seconds) * 1e3 + Double(attoseconds) * 1e-15) }
        }
        print(milliseconds.sorted()[milliseconds.count / 2])
    }

    /// The gradient of mean(G²), G = F Fᵀ / (C N), to F `[C, h, w]`, N = h · w.
    private static func gramGradient(_ features: Tensor, rows: ParallelRows, pool: TensorPool) -> Tensor {
        let (channels, count) = (features.shape[0], features.shape[1] * features.shape[2])
        let grain = 8192
        let square = channels * channels
        var partial = Tensor([ParallelRows.stripeCount(rows: count, grain: grain), square], pool: pool)
        partial.withMutableFloats { partial in
            nonisolated(unsafe) let partial = partial
            rows.run(rows: count, grain: grain) { stripe, range in
                features.withFloats { features in
                    guard let f = features.baseAddress, let c = partial.baseAddress else { return }
                    MatrixMultiply.multiply(
                        m: channels, n: channels, k: range.count, a: f + range.lowerBound, lda: count,
                        b: f + range.lowerBound, ldb: count, transposeB: true, c: c + stripe * square, ldc: channels)
                }
            }
        }
        var gram = [Float](repeating: 0, count: square)
        partial.withFloats { partial in
            for index in partial.indices { gram[index % square] += partial[index] }
        }
        let scale = 4 / (Float(square) * Float(channels * count) * Float(channels * count))
        var gradient = Tensor(uninitialized: features.shape, pool: pool)
        let total = gram
        gradient.withMutableFloats { gradient in
            nonisolated(unsafe) let gradient = gradient
            rows.run(rows: count, grain: grain) { _, range in
                features.withFloats { features in
                    guard let f = features.baseAddress, let c = gradient.baseAddress else { return }
                    MatrixMultiply.multiply(
                        m: channels, n: range.count, k: channels, alpha: scale, a: total, lda: channels,
                        b: f + range.lowerBound, ldb: count, c: c + range.lowerBound, ldc: count)
                }
            }
        }
        return gradient
    }
}
