import Foundation
import NeuralNet
import Stylization
import Tensors
import Testing

/// What a file of a slim encoder must say to be learned from.
@Suite struct SlimEncoderParametersTests {
    private func parameters(_ metadata: [String: String]) throws -> SlimEncoderParameters {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("slim.safetensors").path
        try SafetensorsFile.write(tensors: try SlimEncoderParameters.bundled().tensors, metadata: metadata, path: path)
        return try SlimEncoderParameters(SafetensorsFile.read(path: path))
    }

    @Test func aFileThatSaysNothingHasMapsOfDividedChannels() throws {
        let bundled = try SlimEncoderParameters.bundled()
        let read = try parameters([:])
        #expect(read.mapScale == .channel && read.values == bundled.values)
        #expect(try parameters(["map_scale": "channel"]) == read)
    }

    @Test func whatIsWrittenIsRead() throws {
        let bundled = try SlimEncoderParameters.bundled()
        #expect(bundled.mapScale == .tap)
        #expect(try parameters(SlimEncoderParameters.metadata) == bundled)
    }

    @Test(arguments: [
        (["map_scale": "row"], "has map_scale 'row', known: channel, tap"),
        (["pooling": "max"], "has pooling 'max'; a slim encoder to start from needs 'average'"),
        (
            ["normalization": "imagenet-mean-std"],
            "has normalization 'imagenet-mean-std'; a slim encoder to start from needs 'slim-0.45-0.25'"
        ),
    ]) func namesWhatDoesNotFit(metadata: [String: String], message: String) {
        #expect(throws: BrushflowError(.content, "slim.safetensors: \(message)")) { try parameters(metadata) }
    }
}
