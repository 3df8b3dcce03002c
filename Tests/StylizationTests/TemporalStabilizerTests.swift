import Foundation
import OpticalFlow
import Stylization
import Tensors
import Testing

@Suite struct TemporalStabilizerTests {
    private let rows = ParallelRows(threads: 2)

    private func mask(_ value: Float, height: Int, width: Int) -> ReliabilityMask {
        ReliabilityMask(Tensor([1, height, width], filledWith: value))
    }

    private func greatestDifference(_ a: Tensor, _ b: Tensor) -> Float {
        zip(a.values, b.values).map { abs($0 - $1) }.max() ?? .infinity
    }

    @Test func whereNoMotionIsReliableThePictureStaysAsItIs() {
        var seeded = SeededValues(3)
        let (painted, warped) = (seeded.tensor([3, 20, 31]), seeded.tensor([3, 20, 31]))
        let result = TemporalStabilizer(strength: 0.1).steady(
            painted, towards: warped, where: mask(0, height: 20, width: 31), rows: rows)
        #expect(result == painted)
    }

    @Test func aSteadyPictureStaysAsItIs() {
        var seeded = SeededValues(4)
        let painted = seeded.tensor([3, 20, 31])
        let result = TemporalStabilizer(strength: 0.1).steady(
            painted, towards: painted, where: mask(1, height: 20, width: 31), rows: rows)
        #expect(result == painted)
    }

    /// A picture that only became brighter as a whole is taken back by 1 / (1 + ε / λ), and every stroke stays.
    @Test func aFlickerOfTheWholePictureIsTakenBack() {
        var seeded = SeededValues(5)
        let before = Tensor([3, 24, 40], seeded.tensor([3, 24, 40]).values.map { 0.2 + 0.5 * $0 })
        let after = Tensor([3, 24, 40], before.values.map { $0 + 0.1 })
        let result = TemporalStabilizer(strength: 0.1).steady(
            after, towards: before, where: mask(1, height: 24, width: 40), rows: rows)
        let expected = Tensor([3, 24, 40], before.values.map { $0 + 0.1 * (1 - 1 / 1.2) })
        #expect(greatestDifference(result, expected) < 1e-4)
    }

    /// ε: after a fade the result ends at the new picture.
    @Test func theResultFollowsAFade() {
        let dark = Tensor([3, 16, 16], filledWith: 0.2)
        let bright = Tensor([3, 16, 16], filledWith: 0.8)
        let stabilizer = TemporalStabilizer(strength: 0.1)
        var shown = dark
        for _ in 0..<40 {
            shown = stabilizer.steady(bright, towards: shown, where: mask(1, height: 16, width: 16), rows: rows)
        }
        #expect(greatestDifference(shown, bright) < 0.01)
    }

    /// Noise that comes and goes with every frame, finer than 1/√λ, passes; coarser flicker does not.
    @Test func coarseFlickerIsHeldAndFineGradientsStay() {
        let (height, width) = (64, 64)
        func wave(_ length: Float) -> Tensor {
            Tensor(
                [3, height, width],
                (0..<3 * height * width).map { 0.5 + 0.2 * cos(2 * .pi * (Float($0 % width) + 0.5) / length) })
        }
        let flat = Tensor([3, height, width], filledWith: 0.5)
        func left(_ picture: Tensor) -> Float {
            let result = TemporalStabilizer(strength: 0.1).steady(
                picture, towards: flat, where: mask(1, height: height, width: width), rows: rows)
            return greatestDifference(result, flat) / greatestDifference(picture, flat)
        }
        #expect(left(wave(64)) < 0.3)
        #expect(left(wave(4)) > 0.9)
    }
}
