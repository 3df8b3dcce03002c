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
        if gain == 1, exponent == 1, noise == 0 { return pair }
        var later = pair.later
        later.withMutableFloats { values in
            for index in values.indices {
                var value = values[index]
                if exponent != 1 || gain != 1 { value = gain * pow(value, exponent) }
                if noise != 0 { value += noise * random.normal() }
                values[index] = min(max(value, 0), 1)
            }
        }
        let approach = pair.approach.map { view in
            TrainingPair.View(frame: grained(view.frame, random: &random), shift: view.shift)
        }
        return TrainingPair(
            earlier: pair.earlier, later: later, flow: pair.flow, reliability: pair.reliability, approach: approach)
    }

    private func grained(_ frame: Tensor, random: inout SplitMix64) -> Tensor {
        guard noise != 0 else { return frame }
        var grained = frame
        grained.withMutableFloats { values in
            for index in values.indices { values[index] = min(max(values[index] + noise * random.normal(), 0), 1) }
        }
        return grained
    }
}
