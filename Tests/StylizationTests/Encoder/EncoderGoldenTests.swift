import Foundation
import NeuralNet
import Stylization
import Tensors
import Testing

@Suite struct EncoderGoldenTests {
    private let rows = ParallelRows(threads: 2)

    /// Compares features and image gradient with PyTorch's. Float32 sums of thousands of products in another order,
    /// through up to 13 layers: 1e-4 of the greatest value of each array.
    private func compare(
        _ encoder: PerceptualEncoder, with name: String, height: Int, width: Int, stride: Int
    ) throws {
        let golden = try SafetensorsFile.read(path: EncoderFixture.golden.appendingPathComponent(name).path)
        let taps = Set(encoder.layers.indices)
        let activations = encoder.evaluate(
            EncoderFixture.image(height: height, width: width), taps: taps, rows: rows, pool: nil)
        #expect(Set(activations.features.keys) == taps)
        #expect(golden.names == (["image_gradient"] + encoder.layers.map(\.name)).sorted())
        var gradients: [Int: BlockTensor] = [:]
        for (index, features) in activations.features.mapValues(\.planes) {
            let tap = encoder.layers[index]
            #expect(features.shape == [tap.channels, height / tap.stride, width / tap.stride])
            let values = features.values
            let sampled = Swift.stride(from: 0, to: values.count, by: stride).map { values[$0] }
            let difference = try worst(sampled, golden.tensor(named: tap.name).values)
            #expect(difference < 1e-4, "\(tap.name)")
            gradients[index] = EncoderFixture.tapGradient(index, shape: features.shape).blocks
        }
        let gradient = encoder.imageGradient(activations, tapGradients: gradients, rows: rows, pool: nil)
        #expect(gradient.shape == [3, height, width])
        #expect(try worst(gradient.values, golden.tensor(named: "image_gradient").values) < 1e-4)
    }

    private func worst(_ found: [Float], _ expected: [Float]) throws -> Float {
        try #require(found.count == expected.count)
        let scale = try #require(expected.map(abs).max())
        return zip(found, expected).map { abs($0 - $1) / scale }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
    }

    @Test func slimEncoder() throws {
        try compare(.slim(), with: "encoder_slim.safetensors", height: 37, width: 45, stride: 1)
    }

    @Test func vgg19OfHashedWeights() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try SafetensorsFile.write(tensors: EncoderFixture.randomVGG(), path: path)
        let max = try PerceptualEncoder.load(path: path)
        #expect(max.name == "vgg19" && max.assumedNormalization && max.pooling == .max)
        try compare(max, with: "encoder_random_vgg19_max.safetensors", height: 33, width: 38, stride: 11)
        let average = try PerceptualEncoder.load(path: path, pooling: .average)
        try compare(average, with: "encoder_random_vgg19_average.safetensors", height: 33, width: 38, stride: 11)
    }

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: EncoderFixture.vgg19),
            "../shared/models has no VGG-19, so its goldens cannot be compared"))
    func vgg19() throws {
        let encoder = try PerceptualEncoder.load(path: EncoderFixture.vgg19)
        #expect(encoder.name == "vgg19" && !encoder.assumedNormalization)
        try compare(encoder, with: "encoder_vgg19.safetensors", height: 33, width: 38, stride: 11)
    }
}
