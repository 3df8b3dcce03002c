import OpticalFlow
import Tensors
import Testing

@Suite struct OneWayCheckTests {
    private let rows = ParallelRows(threads: 2)

    private func mask(_ flow: FlowField, _ current: PlanarImage, _ previous: PlanarImage) -> ReliabilityMask {
        OneWayCheck.mask(
            backward: flow,
            frames: (
                GreyPyramid(current, levels: 1, rows: rows), GreyPyramid(previous, levels: 1, rows: rows)
            ), rows: rows)
    }

    @Test(arguments: [1, 3]) func agreesWithNumPy(threads: Int) throws {
        let rows = ParallelRows(threads: threads)
        func pyramid(_ name: String) throws -> GreyPyramid {
            GreyPyramid(grey: try Golden.tensor("one_way_\(name)", [31, 47]), levels: 1, rows: rows)
        }
        let mask = OneWayCheck.mask(
            backward: FlowField(try Golden.tensor("one_way_backward", [2, 31, 47])),
            frames: (try pyramid("current"), try pyramid("previous")), rows: rows)
        let expected = try Golden.tensor("one_way_expected", [1, 31, 47])
        #expect(largestDifference(mask.tensor, expected) < 1e-5)
    }

    @Test func aChangeOfLightIsNoReasonToDoubtButAnotherPictureIs() {
        let still = uniformFlow(width: 60, height: 40, u: 0, v: 0)
        let texture = Texture(seed: 9)
        let picture = texture.picture(width: 60, height: 40)
        func reliable(_ other: PlanarImage) -> Float {
            mask(still, picture, other).tensor.values.reduce(0, +) / 2400
        }
        #expect(reliable(picture) > 0.9)
        #expect(reliable(texture.picture(width: 60, height: 40, gain: 0.9)) > 0.9)
        #expect(reliable(Texture(seed: 10).picture(width: 60, height: 40)) < 0.3)
    }

    @Test func whatComesFromOutsideIsNotTrusted() {
        let picture = Texture(seed: 11).picture(width: 41, height: 31)
        let values = mask(uniformFlow(width: 41, height: 31, u: -3, v: 2), picture, picture).tensor.values
        #expect((0..<31).allSatisfy { values[$0 * 41] == 0 })
        #expect((0..<41).allSatisfy { values[30 * 41 + $0] == 0 })
    }
}
