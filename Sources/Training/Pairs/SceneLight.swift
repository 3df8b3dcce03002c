import Foundation
import NeuralNet
import Tensors

/// How much light all frames of a pair are seen in: clips have dark scenes, which photographs seldom show.
struct SceneLight {
    private let gain: Float

    /// Draws one within the ranges.
    init(_ ranges: PairRanges, random: inout SplitMix64) {
        let isDark = Double(random.unit()) < ranges.dark
        gain = isDark ? Float(exp(random.value(in: log(ranges.darkest)...0))) : 1
    }

    /// The pair in this light.
    func lit(_ pair: TrainingPair) -> TrainingPair {
        guard gain != 1 else { return pair }
        return TrainingPair(
            earlier: lit(pair.earlier), later: lit(pair.later), flow: pair.flow, reliability: pair.reliability,
            approach: pair.approach.map { TrainingPair.View(frame: lit($0.frame), shift: $0.shift) })
    }

    private func lit(_ frame: Tensor) -> Tensor {
        var lit = frame
        lit.multiply(by: gain, rows: ParallelRows(threads: 1))
        return lit
    }
}
