import NeuralNet
import Tensors
import Testing

@Suite struct StrictLoaderTests {
    private func file(_ tensors: [String: Tensor]) throws -> SafetensorsFile {
        try SafetensorsFile.read(bytes: SafetensorsFile.bytes(tensors: tensors), name: "mosaic.safetensors")
    }

    @Test func reportsEveryFaultAtOnce() throws {
        var loader = StrictLoader(
            try file([
                "res3.conv2.weight": Tensor([128, 64, 3, 3]), "res3.conv2.bais": Tensor([128]),
                "in.scale": Tensor([2], [1, .nan]),
            ]))
        #expect(loader.take("res3.conv2.weight", shape: [128, 128, 3, 3]).shape == [128, 128, 3, 3])
        #expect(loader.take("res3.conv2.bias", shape: [128]) == Tensor([128]))
        _ = loader.take("in.scale", shape: [2])
        let message = """
            mosaic.safetensors: 'res3.conv2.weight' has shape [128, 64, 3, 3], expected [128, 128, 3, 3]
            mosaic.safetensors: 'res3.conv2.bias' is missing
            mosaic.safetensors: 'in.scale' has values that are not finite
            mosaic.safetensors: 'res3.conv2.bais' is not used
            """
        #expect(throws: BrushflowError(.content, message)) { try loader.finish() }
    }

    @Test func acceptsWhatIsTakenOrIgnored() throws {
        var loader = StrictLoader(try file(["a": Tensor([2], [1, 2]), "classifier.0": Tensor([1])]))
        #expect(loader.take("a", shape: [2]).values == [1, 2])
        loader.ignore { $0.hasPrefix("classifier.") }
        try loader.finish()
    }
}
