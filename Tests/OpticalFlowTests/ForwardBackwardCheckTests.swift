import OpticalFlow
import Tensors
import Testing

@Suite struct ForwardBackwardCheckTests {
    private let rows = ParallelRows(threads: 2)

    @Test func agreesWithNumPy() throws {
        let backward = FlowField(try Golden.tensor("mask_backward", [2, 37, 53]))
        let forward = FlowField(try Golden.tensor("mask_forward", [2, 37, 53]))
        let mask = ForwardBackwardCheck.mask(backward: backward, forward: forward, rows: rows)
        let expected = try Golden.tensor("mask_expected", [1, 37, 53])
        #expect(largestDifference(mask.tensor, expected) < 1e-5)
    }

    @Test func thePhotometricRuleAgreesWithNumPy() throws {
        func pyramid(_ name: String) throws -> GreyPyramid {
            GreyPyramid(grey: try Golden.tensor("photometric_\(name)", [29, 43]), levels: 1, rows: rows)
        }
        let mask = ForwardBackwardCheck.mask(
            backward: FlowField(try Golden.tensor("photometric_backward", [2, 29, 43])),
            forward: FlowField(try Golden.tensor("photometric_forward", [2, 29, 43])),
            frames: (try pyramid("current"), try pyramid("previous")), rows: rows)
        let expected = try Golden.tensor("photometric_expected", [1, 29, 43])
        #expect(largestDifference(mask.tensor, expected) < 1e-5)
    }

    @Test func aChangeOfBrightnessIsNoReasonToDoubtButAnotherPictureIs() {
        let still = uniformFlow(width: 60, height: 40, u: 0, v: 0)
        func reliable(_ a: PlanarImage, _ b: PlanarImage) -> Float {
            let frames = (GreyPyramid(a, levels: 1, rows: rows), GreyPyramid(b, levels: 1, rows: rows))
            let mask = ForwardBackwardCheck.mask(backward: still, forward: still, frames: frames, rows: rows)
            return mask.tensor.values.reduce(0, +) / 2400
        }
        let texture = Texture(seed: 9)
        let picture = texture.picture(width: 60, height: 40)
        #expect(reliable(picture, texture.picture(width: 60, height: 40, gain: 0.9)) > 0.9)
        #expect(reliable(picture, Texture(seed: 10).picture(width: 60, height: 40)) < 0.3)
    }

    @Test func agreeingFlowsAreReliableAndDisagreeingOnesAreNot() {
        let back = uniformFlow(width: 41, height: 31, u: -3, v: 2)
        let agreeing = ForwardBackwardCheck.mask(
            backward: back, forward: uniformFlow(width: 41, height: 31, u: 3, v: -2), rows: rows)
        let values = agreeing.tensor.values
        #expect(values[15 * 41 + 20] == 1, "1 = reliable")
        #expect(values[15 * 41] == 0, "column 0 comes from outside the frame")
        #expect(values[30 * 41 + 20] == 0, "the last row comes from outside the frame")
        let disagreeing = ForwardBackwardCheck.mask(backward: back, forward: back, rows: rows)
        #expect(disagreeing.tensor.values.allSatisfy { $0 == 0 })
    }

    /// |w + ŵ| = 0.8: its square, 0.64, is above 0.5 + 0.01 · (0.64 + 0); |w + ŵ| = 0.7 has 0.49, below.
    @Test(arguments: [(Float(0.8), Float(0)), (0.7, 1)])
    func theCheckIsOnSquaredMagnitudes(step: Float, expected: Float) {
        let mask = ForwardBackwardCheck.mask(
            backward: uniformFlow(width: 21, height: 21, u: step, v: 0),
            forward: uniformFlow(width: 21, height: 21, u: 0, v: 0), rows: rows)
        #expect(mask.tensor.values[10 * 21 + 10] == expected)
    }

    /// A square that moves right by 6 over a still ground uncovers the 6 columns behind it.
    @Test func uncoveredGroundIsUnreliable() {
        let (width, height) = (64, 48)
        var back = Tensor([2, height, width])
        var ahead = Tensor([2, height, width])
        back.withMutableFloats { b in
            ahead.withMutableFloats { a in
                for y in 12..<36 {
                    for x in 20..<40 {
                        a[y * width + x] = 6
                        b[y * width + x + 6] = -6
                    }
                }
            }
        }
        let mask = ForwardBackwardCheck.mask(backward: FlowField(back), forward: FlowField(ahead), rows: rows)
        let values = mask.tensor.values
        for x in 20..<26 { #expect(values[24 * width + x] == 0, "column \(x) was hidden") }
        #expect(values[24 * width + 36] == 1, "inside the square")
        #expect(values[24 * width + 10] == 1, "the ground")
    }

    @Test(arguments: [(1, 1), (2, 3), (5, 1)])
    func smallSizesWork(width: Int, height: Int) {
        let still = uniformFlow(width: width, height: height, u: 0, v: 0)
        let mask = ForwardBackwardCheck.mask(backward: still, forward: still, rows: rows)
        #expect(mask.tensor.shape == [1, height, width])
        #expect(mask.tensor.values.allSatisfy { (0...1).contains($0) })
    }

    @Test func flowThatIsNoNumberIsUnreliable() {
        let still = uniformFlow(width: 12, height: 12, u: 0, v: 0)
        let broken = uniformFlow(width: 12, height: 12, u: .nan, v: .nan)
        for (back, ahead) in [(broken, still), (still, broken)] {
            let mask = ForwardBackwardCheck.mask(backward: back, forward: ahead, rows: rows)
            #expect(mask.tensor.values.allSatisfy { $0 == 0 })
        }
    }
}
