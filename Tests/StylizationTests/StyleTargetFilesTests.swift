import Foundation
import NeuralNet
import Stylization
import Tensors
import Testing

/// Paintings' statistics in a network's file.
@Suite struct StyleTargetFilesTests {
    private let rows = ParallelRows(threads: 2)

    private func target(_ seed: UInt64, _ encoder: PerceptualEncoder) -> StyleTarget {
        var random = SplitMix64(seed: seed)
        let painting = PlanarImage(Tensor([3, 48, 64], (0..<3 * 48 * 64).map { _ in random.unit() * Float(seed) / 3 }))
        return StyleTarget(
            painting: painting, height: 48, width: 64, scale: 1, statistics: .gram, encoder: encoder, rows: rows)
    }

    private func file(_ tensors: [String: Tensor]) throws -> SafetensorsFile {
        try SafetensorsFile.read(bytes: SafetensorsFile.bytes(tensors: tensors), name: "a.safetensors")
    }

    /// What was written is what was measured, to the rounding of Float32, style by style.
    @Test func statisticsAreReadBack() throws {
        let encoder = try PerceptualEncoder.slim()
        let targets = [target(1, encoder), target(2, encoder), target(3, encoder)]
        let tensors = StyleTarget.tensors(of: targets, encoder: encoder)
        #expect(tensors.keys.sorted() == ["gram.relu1_1", "gram.relu2_1", "gram.relu3_1", "gram.relu4_1"])
        #expect(tensors["gram.relu1_1"]?.shape == [3, 16 * 17 / 2])
        let file = try file(tensors)
        #expect(StyleTarget.isMeasured(in: file))
        for (index, target) in targets.enumerated() {
            let read = try StyleTarget(file, style: index, styles: 3, encoder: encoder)
            for (layer, known) in zip(read.losses, target.losses) {
                #expect(layer.tap == known.tap)
                #expect(zip(layer.loss.target.matrix, known.loss.target.matrix).allSatisfy { $0 == Double(Float($1)) })
            }
            #expect(target.distance(to: read) < 1e-10)
            #expect(target.distance(to: targets[(index + 1) % 3]) > 0.05)
        }
    }

    @Test func damagedStatisticsAreRefused() throws {
        let encoder = try PerceptualEncoder.slim()
        var tensors = StyleTarget.tensors(of: [target(1, encoder)], encoder: encoder)
        tensors["gram.relu2_1"] = Tensor([1, 3])
        tensors["gram.relu3_1"]?.withMutableFloats { $0[5] = .nan }
        tensors["gram.relu9_1"] = Tensor([1])
        #expect(
            throws: BrushflowError(
                .content,
                """
                a.safetensors: 'gram.relu2_1' has shape [1, 3], expected [1, 528]
                a.safetensors: 'gram.relu3_1' has values that are not finite
                a.safetensors: 'gram.relu9_1' is not used
                """)
        ) { try StyleTarget(file(tensors), style: 0, styles: 1, encoder: encoder) }
    }
}
