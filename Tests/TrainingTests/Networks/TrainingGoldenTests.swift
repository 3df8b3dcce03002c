import Foundation
import NeuralNet
import OpticalFlow
import Stylization
import Tensors
import Testing
import Training

@Suite struct TrainingGoldenTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden/training.safetensors").path

    /// Ten steps from the same weights with the same batches. (Of a longer step rounding alone makes more difference: Adam
    /// takes it whole along the least gradient.)
    @Test func lossesAreThoseOfPyTorch() throws {
        let file = try SafetensorsFile.read(path: Self.path)
        let others = file.names.filter { $0 == "losses" || $0.hasPrefix("pair") || $0.hasPrefix("painting") }
        let network = try StyleNetworkParameters.load(file, besides: Set(others))
        let (rows, pool) = (ParallelRows(threads: 2), TensorPool())
        let encoder = try PerceptualEncoder.slim()
        let targets = try (0..<2).map { index in
            StyleTarget(
                painting: PlanarImage(try file.tensor(named: "painting\(index)")), height: 32, width: 32, scale: 1,
                statistics: .gram, encoder: encoder, rows: rows, pool: pool)
        }
        let pairs = try (0..<2).map { index in
            func tensor(_ name: String) throws -> Tensor { try file.tensor(named: "pair\(index).\(name)") }
            return TrainingPair(
                earlier: try tensor("earlier"), later: try tensor("later"), flow: FlowField(try tensor("flow")),
                reliability: ReliabilityMask(try tensor("mask")))
        }
        var trainer = NetworkTrainer(
            network: network, targets: targets, encoder: encoder,
            configuration: TrainingConfiguration(learningRate: 5e-4, steps: 10, reach: 2, firstWeight: 0.5),
            rows: rows, pool: pool)
        let expected = try file.tensor(named: "losses").values
        for step in 0..<10 {
            let losses = trainer.step(
                pairs.indices.map { TrainingItem(pair: pairs[$0], style: ($0 + step) % 2) })
            let found = [losses.content, losses.style, losses.totalVariation, losses.temporal]
            for (index, value) in found.enumerated() {
                let golden = Double(expected[step * 4 + index])
                #expect(abs(value - golden) < 1e-3 * golden, "step \(step), loss \(index): \(value), not \(golden)")
            }
        }
    }
}
