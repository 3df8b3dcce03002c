import Foundation
import Tensors

/// What makes the later frame of a pair unlike the earlier one besides motion: a little noise and another exposure.
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
        return TrainingPair(earlier: pair.earlier, later: later, flow: pair.flow, reliability: pair.reliability)
    }
}
