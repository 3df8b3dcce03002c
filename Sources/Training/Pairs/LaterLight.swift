import Foundation
import Tensors

/// What makes the later frame of a pair unlike the earlier one besides motion: a little noise and another exposure. The
/// frames before the earlier one have the noise too.
struct LaterLight {
    private let gain: Float
    private let exponent: Float
    private let noise: Float

    /// Draws one within the ranges; half of all have no noise, half no change of light.
    init(_ ranges: PairRanges, random: inout SplitMix64) {
        let isNoisy = random.unit() < 0.5
        let changes = random.unit() < 0.5
        noise = isNoisy ? random.unit() * Float(ranges.noise) : 0
        gain = changes ? 1 + Float(random.value(in: -ranges.exposure...ranges.exposure)) : 1
        exponent = changes ? 1 + Float(random.value(in: -ranges.exposure...ranges.exposure)) : 1
    }

    /// The pair with its later frame in this light.
    func lit(_ pair: TrainingPair, random: inout SplitMix64) -> TrainingPair {
        let later = lit(pair.later, isExposed: true, random: &random)
        let approach = pair.approach.map { view in
            TrainingPair.View(frame: lit(view.frame, isExposed: false, random: &random), shift: view.shift)
        }
        return TrainingPair(
            earlier: pair.earlier, later: later, flow: pair.flow, reliability: pair.reliability, approach: approach)
    }

    /// A frame with the noise and, where it is exposed so, with the gain and the exponent.
    private func lit(_ frame: Tensor, isExposed: Bool, random: inout SplitMix64) -> Tensor {
        let changes = isExposed && (exponent != 1 || gain != 1)
        guard changes || noise != 0 else { return frame }
        var lit = frame
        lit.withMutableFloats { values in
            for index in values.indices {
                var value = values[index]
                if changes { value = gain * pow(value, exponent) }
                if noise != 0 { value += noise * random.normal() }
                values[index] = min(max(value, 0), 1)
            }
        }
        return lit
    }
}
