import Foundation
import OpticalFlow
import Stylization
import Tensors
import Testing

/// The losses on a fixed picture against PyTorch in double precision: `Scripts/golden/stylize_losses.py`.
@Suite struct LossGoldenTests {
    private struct Golden: Decodable {
        let height: Int
        let width: Int
        let image: [Float]
        let frame: [Float]
        let painting: [Float]
        let warped: [Float]
        let mask: [Float]
        let weights: [Double]
        let grams: [[Double]]
        let content: Double
        let variation: Double
        let temporal: Double
        let style: [String: [Double]]
        let total: [String: Double]
        let gradient: [String: [Double]]

        func picture(_ values: [Float]) -> Tensor { Tensor([3, height, width], values.map { $0 / 255 }) }
    }

    private let golden: Golden
    private let encoder: PerceptualEncoder
    private let rows = ParallelRows(threads: 2)

    init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Golden/losses.json"))
        golden = try JSONDecoder().decode(Golden.self, from: data)
        encoder = try PerceptualEncoder.slim()
    }

    private func near(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) <= 1e-4 * abs(expected) }

    @Test func gramMatricesAgreeWithPyTorch() throws {
        let image = golden.picture(golden.image)
        let activations = encoder.evaluate(image, taps: Set(encoder.styleTaps), rows: rows, pool: nil)
        for (index, tap) in encoder.styleTaps.enumerated() {
            let features = try #require(activations.features[tap])
            let gram = FeatureStatistics(features, kind: .gram, rows: rows)
            let expected = golden.grams[index]
            let scale = expected.map { abs($0) }.max() ?? 0
            let worst = zip(gram.matrix, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst < 1e-5 * scale, "tap \(tap): \(worst) of \(scale)")
        }
    }

    @Test(arguments: StyleStatistics.allCases) func styleLossesAgreeWithPyTorch(kind: StyleStatistics) throws {
        let target = StyleTarget(
            painting: PlanarImage(golden.picture(golden.painting)), height: golden.height, width: golden.width,
            scale: 1, statistics: kind, encoder: encoder, rows: rows)
        let activations = encoder.evaluate(
            golden.picture(golden.image), taps: Set(encoder.styleTaps), rows: rows, pool: nil)
        let expected = try #require(golden.style[kind.rawValue])
        #expect(target.losses.count == expected.count)
        for (layer, expected) in zip(target.losses, expected) {
            let features = try #require(activations.features[layer.tap])
            let value = layer.loss.value(of: FeatureStatistics(features, kind: kind, rows: rows))
            #expect(near(value, expected), "tap \(layer.tap): \(value) for \(expected)")
        }
    }

    @Test func pixelAndContentLossesAgreeWithPyTorch() throws {
        let image = golden.picture(golden.image)
        var unused = Tensor(image.shape)
        let mask = ReliabilityMask(Tensor([1, golden.height, golden.width], golden.mask.map { $0 / 255 }))
        let variation = TotalVariationLoss().evaluate(image, weight: 1, addingTo: &unused, rows: rows)
        let temporal = TemporalLoss(warped: golden.picture(golden.warped), reliability: mask)
            .evaluate(image, weight: 1, addingTo: &unused, rows: rows)
        let content = ContentDistance(encoder: encoder).content(
            of: PlanarImage(image), from: PlanarImage(golden.picture(golden.frame)), rows: rows)
        #expect(near(variation, golden.variation))
        #expect(near(temporal, golden.temporal))
        #expect(near(content, golden.content))
    }

    @Test(arguments: StyleStatistics.allCases) func theWholeAndItsGradientAgreeWithPyTorch(
        kind: StyleStatistics
    ) throws {
        let configuration = StylizationConfiguration(
            contentWeight: golden.weights[0], styleWeight: golden.weights[1],
            totalVariationWeight: golden.weights[2], temporalWeight: golden.weights[3], statistics: kind)
        let style = StyleTarget(
            painting: PlanarImage(golden.picture(golden.painting)), height: golden.height, width: golden.width,
            scale: 1, statistics: kind, encoder: encoder, rows: rows)
        let mask = ReliabilityMask(Tensor([1, golden.height, golden.width], golden.mask.map { $0 / 255 }))
        let objective = Objective(
            frame: golden.picture(golden.frame), style: style,
            temporal: TemporalLoss(warped: golden.picture(golden.warped), reliability: mask), encoder: encoder,
            configuration: configuration, rows: rows, pool: TensorPool())
        let evaluation = objective.evaluate(golden.picture(golden.image))
        let expected = try #require(golden.gradient[kind.rawValue])
        let sampled = stride(from: 0, to: golden.image.count, by: 7).map { Double(evaluation.gradient.values[$0]) }
        let scale = expected.map { abs($0) }.max() ?? 0
        let worst = zip(sampled, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(near(evaluation.loss, try #require(golden.total[kind.rawValue])))
        #expect(sampled.count == expected.count && worst < 1e-4 * scale, "\(worst) of \(scale)")
    }
}
