import Foundation
import NeuralNet
import Stylization
import Tensors
import Testing

@Suite struct EncoderLoadingTests {
    /// Loads an encoder from a file of the given tensors.
    private func load(_ tensors: [String: Tensor], metadata: [String: String] = [:]) throws -> PerceptualEncoder {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("encoder.safetensors").path
        try SafetensorsFile.write(tensors: tensors, metadata: metadata, path: path)
        return try PerceptualEncoder.load(path: path)
    }

    private func slimTensors() throws -> [String: Tensor] {
        let path = EncoderFixture.golden.appendingPathComponent("../../../Sources/CEmbedded/slim_encoder.safetensors")
            .path
        let file = try SafetensorsFile.read(path: path)
        return Dictionary(uniqueKeysWithValues: try file.names.map { ($0, try file.tensor(named: $0)) })
    }

    @Test func aVGGThatEndsAtTheContentTapHasFourStyleTaps() throws {
        var tensors = EncoderFixture.randomVGG(convolutions: 10)
        tensors["classifier.6.bias"] = Tensor([1000])
        tensors["features.34.weight"] = Tensor([1])
        let encoder = try load(tensors, metadata: ["normalization": "slim-0.45-0.25"])
        #expect(encoder.layers.map(\.name) == ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu4_2"])
        #expect(encoder.styleTaps == [0, 1, 2, 3] && encoder.contentTap == 4)
        #expect(encoder.layers.allSatisfy { $0.metric == nil })
        #expect(!encoder.assumedNormalization && encoder.minimumSide == 8)
    }

    @Test func aSlimEncoderIsKnownByItsKeys() throws {
        let encoder = try load(slimTensors())
        #expect(encoder.name == "slim-vgg19" && encoder.assumedNormalization)
    }

    @Test func reportsEveryFault() throws {
        var tensors = try slimTensors()
        tensors["conv3_3.weight"] = Tensor([64, 32, 3, 3])
        tensors["conv2_1.bias"] = nil
        tensors["conv2_1.bais"] = Tensor([32])
        tensors["adapter4"] = Tensor([128, 512])
        let message = """
            encoder.safetensors: 'conv2_1.bias' is missing
            encoder.safetensors: 'conv3_3.weight' has shape [64, 32, 3, 3], expected [64, 64, 3, 3]
            encoder.safetensors: 'adapter4' has shape [128, 512], expected [512, 128]
            encoder.safetensors: 'conv2_1.bais' is not used
            """
        #expect(throws: BrushflowError(.content, message)) { try load(tensors) }
    }

    @Test func aVGGWithAHoleIsNotCutShort() throws {
        var tensors = EncoderFixture.randomVGG(convolutions: 11)
        tensors["features.5.weight"] = nil
        tensors["features.23.bias"] = nil
        let message = """
            encoder.safetensors: 'features.5.weight' is missing
            encoder.safetensors: 'features.23.bias' is missing
            """
        #expect(throws: BrushflowError(.content, message)) { try load(tensors) }
    }

    @Test(arguments: [
        (["architecture": "vgg16"], "architecture 'vgg16', known: slim-vgg19, vgg19"),
        (["normalization": "0-255"], "normalization '0-255', known: slim-0.45-0.25, imagenet-mean-std"),
        (["pooling": "median"], "pooling 'median', known: average, max"),
        (["padding": "zero"], "padding 'zero', known: reflect"),
    ]) func namesUnknownMetadata(metadata: [String: String], message: String) throws {
        let tensors = ["conv1_1.weight": Tensor([16, 3, 3, 3])]
        let whole = "encoder.safetensors: cannot load a perceptual encoder: its metadata has \(message)"
        #expect(throws: BrushflowError(.content, whole)) { try load(tensors, metadata: metadata) }
    }

    @Test func saysThatAFileIsNoEncoder() throws {
        let message =
            "encoder.safetensors: cannot load a perceptual encoder: it has neither 'conv1_1.weight' (slim encoder) nor "
            + "'features.0.weight' (VGG-19)"
        #expect(throws: BrushflowError(.content, message)) { try load(["weight": Tensor([1])]) }
    }
}
