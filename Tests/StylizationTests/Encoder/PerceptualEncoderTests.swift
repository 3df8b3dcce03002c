import Foundation
import NeuralNet
import Stylization
import Tensors
import Testing

@Suite struct PerceptualEncoderTests {
    private let rows = ParallelRows(threads: 2)

    @Test func slimEncoderHasFourTapsWithMetrics() throws {
        let encoder = try PerceptualEncoder.slim()
        #expect(encoder.layers.map(\.name) == ["relu1_1", "relu2_1", "relu3_1", "relu4_1"])
        #expect(encoder.layers.map(\.channels) == [16, 32, 64, 128])
        #expect(encoder.layers.map(\.stride) == [1, 2, 4, 8])
        #expect(encoder.styleTaps == [0, 1, 2, 3] && encoder.contentTap == 3 && encoder.minimumSide == 8)
        #expect(!encoder.assumedNormalization && encoder.pooling == .average)
        for tap in encoder.layers {
            let metric = try #require(tap.metric)
            #expect(metric.shape == [tap.channels, tap.channels])
            let values = metric.values
            for row in 0..<tap.channels {
                #expect(values[row * tap.channels + row] > 0)
                for column in 0..<row {
                    #expect(values[row * tap.channels + column] == values[column * tap.channels + row])
                }
            }
        }
    }

    @Test func metricIsTheAdapterSquared() throws {
        let path = EncoderFixture.golden.appendingPathComponent("../../../Sources/CEmbedded/slim_encoder.safetensors")
        let adapter = try SafetensorsFile.read(path: path.path).tensor(named: "adapter1").values.map(Double.init)
        let metric = try #require(PerceptualEncoder.slim().layers[0].metric).values
        for row in 0..<16 {
            for column in 0..<16 {
                let expected = (0..<64).reduce(0.0) { $0 + adapter[$1 * 16 + row] * adapter[$1 * 16 + column] }
                #expect(abs(Double(metric[row * 16 + column]) - expected) < 1e-4)
            }
        }
    }

    @Test func stopsAtTheDeepestTapAskedFor() throws {
        let encoder = try PerceptualEncoder.slim()
        let image = EncoderFixture.image(height: 16, width: 24)
        let all = encoder.evaluate(image, taps: [0, 1, 2, 3], rows: rows, pool: nil)
        let some = encoder.evaluate(image, taps: [1], rows: rows, pool: nil)
        #expect(some.features.keys.sorted() == [1])
        #expect(some.features[1]?.planes == all.features[1]?.planes)
        let gradients = [1: EncoderFixture.tapGradient(1, shape: [32, 8, 12]).blocks]
        #expect(
            encoder.imageGradient(some, tapGradients: gradients, rows: rows, pool: nil)
                == encoder.imageGradient(all, tapGradients: gradients, rows: rows, pool: nil))
        #expect(encoder.imageGradient(some, tapGradients: [:], rows: rows, pool: nil) == Tensor([3, 16, 24]))
    }

    @Test func givesTheSameBitsForAnyNumberOfThreadsAndAUsedPool() throws {
        let encoder = try PerceptualEncoder.slim()
        let image = EncoderFixture.image(height: 71, width: 93)
        let pool = TensorPool()
        let results = [1, 2, 5, 2].map { threads in
            let rows = ParallelRows(threads: threads)
            let activations = encoder.evaluate(image, taps: [0, 1, 2, 3], rows: rows, pool: pool)
            let gradients = Dictionary(
                uniqueKeysWithValues: activations.features.map {
                    ($0.key, EncoderFixture.tapGradient($0.key, shape: $0.value.planes.shape).blocks)
                })
            return [encoder.imageGradient(activations, tapGradients: gradients, rows: rows, pool: pool)]
                + activations.features.sorted { $0.key < $1.key }.map(\.value.planes)
        }
        for result in results.dropFirst() { #expect(result == results[0]) }
    }

    @Test(arguments: [(8, 8), (9, 8), (8, 15)]) func smallestImagesHaveFeaturesAndGradients(size: (Int, Int)) throws {
        let encoder = try PerceptualEncoder.slim()
        let image = EncoderFixture.image(height: size.0, width: size.1)
        let activations = encoder.evaluate(image, taps: [3], rows: rows, pool: nil)
        #expect(activations.features[3]?.planes.shape == [128, 1, 1])
        let gradient = encoder.imageGradient(
            activations, tapGradients: [3: Tensor([128, 1, 1], filledWith: 1).blocks], rows: rows, pool: nil)
        #expect(gradient.values.allSatisfy(\.isFinite) && gradient.values.contains { $0 != 0 })
    }
}
