import Foundation
import NeuralNet
import OpticalFlow
import Stylization
import Tensors
import Testing
import Training

@Suite struct NetworkTrainerTests {
    private static let layout = StyleNetworkLayout(
        form: .shuffle, inputChannels: 7, widths: [16, 16], residualBlocks: 1, styles: 2)

    /// Smooth patches that move by whole pixels, reliable but for what came in.
    static func pair(seed: UInt64, side: Int = 32) -> TrainingPair {
        var random = SplitMix64(seed: seed)
        let waves = (0..<12).map { _ in (random.unit() * 6, random.unit() * 0.6, random.unit() * 0.6) }
        func frame(_ shift: Int) -> Tensor {
            Tensor(
                [3, side, side],
                (0..<3 * side * side).map { index in
                    let (c, y, x) = (index / (side * side), index / side % side, index % side + shift)
                    return 0.5 + 0.1
                        * waves[c * 4..<c * 4 + 4].reduce(Float(0)) {
                            $0 + sin($1.0 + $1.1 * Float(x) + $1.2 * Float(y))
                        }
                })
        }
        let plane = side * side
        return TrainingPair(
            earlier: frame(0), later: frame(2),
            flow: FlowField(Tensor([2, side, side], (0..<2 * plane).map { $0 < plane ? 2 : 0 })),
            reliability: ReliabilityMask(Tensor([1, side, side], (0..<plane).map { $0 % side < side - 2 ? 1 : 0 })))
    }

    private static func trainer(
        threads: Int = 2, steps: Int = 20, styleSteps: Int = 0
    ) throws -> NetworkTrainer {
        let (encoder, rows, pool) = (try PerceptualEncoder.slim(), ParallelRows(threads: threads), TensorPool())
        let targets = [UInt64(71), 72].map {
            StyleTarget(
                painting: PlanarImage(StyleNetworkGradientTests.noise([3, 32, 32], seed: $0)), height: 32, width: 32,
                scale: 1, statistics: .gram, encoder: encoder, rows: rows, pool: pool)
        }
        return NetworkTrainer(
            network: StyleNetworkParameters(seeded: layout, names: ["a", "b"]), targets: targets, encoder: encoder,
            configuration: TrainingConfiguration(steps: steps, reach: 2, styleSteps: styleSteps), rows: rows, pool: pool
        )
    }

    private static func batch(_ step: Int) -> [TrainingItem] {
        (0..<3).map { TrainingItem(pair: pair(seed: UInt64(10 * step + $0)), style: ($0 + step) % 2) }
    }

    @Test func lossesFallAndThreadsChangeNothing() throws {
        var trainers = try [1, 2, 3].map { try Self.trainer(threads: $0) }
        var totals: [Double] = []
        for step in 0..<8 {
            let losses = trainers.indices.map { trainers[$0].step(Self.batch(step % 2)) }
            #expect(losses[0] == losses[1] && losses[0] == losses[2])
            totals.append(losses[0].total(trainers[0].configuration.losses))
        }
        #expect(trainers[0].network.values == trainers[1].network.values)
        #expect(trainers[0].network.values == trainers[2].network.values)
        #expect(totals[6] < 0.9 * totals[0] && totals[7] < 0.9 * totals[1])
        #expect(totals.allSatisfy { $0.isFinite })
    }

    /// Where nothing of the earlier painting holds, a first frame's painting is asked for, which is what comes out.
    @Test func whatComesIntoViewIsPaintedAsInAFirstFrame() throws {
        let pair = Self.pair(seed: 5)
        func consistency(_ mask: Float, _ earlier: Tensor) throws -> Double {
            let item = TrainingItem(
                pair: TrainingPair(
                    earlier: earlier, later: pair.later, flow: pair.flow,
                    reliability: ReliabilityMask(Tensor([1, 32, 32], filledWith: mask))), style: 0)
            var trainer = try Self.trainer()
            return trainer.step([item]).temporal
        }
        #expect(try consistency(0, pair.earlier) < 1e-12 && consistency(0, pair.later) < 1e-12)
        #expect(try consistency(1, pair.earlier) > 1e-6)
    }

    @Test func goesOnFromItsStateAsIfItHadNotStopped() throws {
        var whole = try Self.trainer()
        for step in 0..<4 { _ = whole.step(Self.batch(step)) }
        var first = try Self.trainer()
        for step in 0..<2 { _ = first.step(Self.batch(step)) }
        var second = try Self.trainer()
        second.state = first.state
        #expect(second.steps == 2)
        for step in second.steps..<4 { _ = second.step(Self.batch(step)) }
        #expect(second.network.values == whole.network.values)
    }

    @Test func stylesLearnAloneAtTheBeginning() throws {
        var trainer = try Self.trainer(styleSteps: 3)
        let shared = StyleNetworkParameters.sharedCount(Self.layout) - 3
        let before = trainer.network.values.values
        for step in 0..<3 { _ = trainer.step(Self.batch(step)) }
        let styled = trainer.network.values.values
        #expect(styled[..<shared] == before[..<shared])
        #expect(zip(styled[shared...], before[shared...]).filter { $0 != $1 }.count > (before.count - shared) / 2)
        _ = trainer.step(Self.batch(3))
        let all = trainer.network.values.values
        #expect(zip(all[..<shared], before[..<shared]).filter { $0 != $1 }.count > shared / 2)
    }

    @Test func theLearningRateFallsAlongACosine() {
        let configuration = TrainingConfiguration(learningRate: 1, steps: 100)
        #expect(configuration.decay.rate(after: 0) == 1)
        #expect(abs(configuration.decay.rate(after: 50) - 0.5025) < 1e-9)
        #expect(abs(configuration.decay.rate(after: 100) - 0.005) < 1e-9)
    }
}
