import Foundation
import NeuralNet
import Tensors
import Testing

/// What `inspect` says about weight files.
@Suite struct WeightsInspectorTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func lines(_ path: String) throws -> [String] {
        try ONNXInspector.describe(path: Self.root.appendingPathComponent(path).path)
    }

    @Test func styleNetworks() throws {
        let published = try lines("Tests/NeuralNetTests/Golden/style_network_published.safetensors").suffix(3)
        // Per pixel: 9·9·3·16, ¼ · 9·16·16, 1/16 · (9·16·16 + 4 · 9·16·16), ¼ · 9·16·16, 9·16·16, 9·9·16·3.
        #expect(
            Array(published) == [
                "style network: 3 input channels (the frame), widths 16/16/16, 2 residual blocks, 1 style",
                "takes 0..255, gives 0..255", "2.75 GMAC for a frame of 640×360",
            ])
        let recurrent = try lines("Tests/NeuralNetTests/Golden/style_network_recurrent.safetensors").suffix(3)
        #expect(
            Array(recurrent.prefix(2)) == [
                "style network: 7 input channels (the frame, the previous output warped, the mask), widths 16/32/16, "
                    + "1 residual blocks, 2 styles",
                "takes 0..255, gives sigmoid",
            ])
    }

    @Test func encoders() throws {
        let slim = try lines("Sources/CEmbedded/slim_encoder.safetensors").suffix(3)
        #expect(
            Array(slim.prefix(2)) == [
                "perceptual encoder slim-vgg19: 8 convolutions, widths 16/16/32/32/64/64/64/128",
                "normalisation 'slim-0.45-0.25', pooling 'average', takes RGB 0..1",
            ])
        // VGG-19 by torchvision's names, its filters cut down to one input each, as far as conv2_1.
        let shapes = [(0, 64), (2, 64), (5, 128)]
        let tensors = Dictionary(
            uniqueKeysWithValues: shapes.map { ("features.\($0.0).weight", Tensor([$0.1, 1, 3, 3])) })
        let file = try SafetensorsFile.read(bytes: SafetensorsFile.bytes(tensors: tensors), name: "vgg")
        let vgg = ONNXInspector.describe(file, size: (10, 20)).suffix(3)
        #expect(
            Array(vgg) == [
                "perceptual encoder vgg19: 3 convolutions, widths 64/64/128",
                "normalisation 'imagenet-mean-std' assumed, pooling max assumed, takes RGB 0..1",
                "0.00 GMAC for a frame of 20×10",
            ])
    }

    @Test func damagedStyleNetworks() throws {
        let tensors = ["conv1.weight": Tensor([16, 5, 9, 9])]
        let file = try SafetensorsFile.read(bytes: SafetensorsFile.bytes(tensors: tensors), name: "odd.safetensors")
        #expect(
            ONNXInspector.describe(file).last
                == "not usable as a style network: odd.safetensors: cannot load a style network: it takes 5 channels, "
                + "not 3 (frame) or 7 (frame, warped previous output, mask)")
    }

    /// A small file that says it is a large network: as many faults as are listed, and no memory for what it lacks.
    @Test func claimedSizesTakeNoMemory() throws {
        var tensors = [
            "conv1.weight": Tensor([1024, 3, 9, 9]), "conv2.weight": Tensor([1024, 1, 3, 3]),
            "conv3.weight": Tensor([1024, 1, 3, 3]),
        ]
        for block in 1...64 { tensors["res\(block).conv1.weight"] = Tensor([1]) }
        let file = try SafetensorsFile.read(bytes: SafetensorsFile.bytes(tensors: tensors), name: "big.safetensors")
        do {
            _ = try StyleNetwork.load(file)
            Issue.record("it was loaded")
        } catch {
            let faults = "\(error)".split(separator: "\n")
            #expect(faults.first == "big.safetensors: 'conv1.bias' is missing")
            #expect(faults.count == 201 && faults.last?.hasSuffix("more faults") == true)
        }
    }
}
