import OpticalFlow
import Tensors
import Testing

@Suite struct MeasureTests {
    private let rows = ParallelRows(threads: 2)

    @Test func endPointErrorLeavesOutWhatIsUnknownOrMasked() {
        let flow = FlowField(Tensor([2, 1, 5], [3, 0, 9, 9, 1, 4, 0, 9, 9, 0]))
        let truth = FlowField(Tensor([2, 1, 5], [0, 0, 1.5e9, 0, 0, 0, 0, 0, .nan, 0]))
        let all = EndPointError.compute(flow: flow, truth: truth)
        #expect(all.mean == 2 && all.counted == 3 && all.unknown == 2 && all.masked == 0)
        let some = EndPointError.compute(flow: flow, truth: truth, mask: Tensor([1, 1, 5], [1, 0, 1, 1, 0]))
        #expect(some.mean == 5 && some.counted == 1 && some.unknown == 2 && some.masked == 2)
        let none = EndPointError.compute(flow: flow, truth: truth, mask: Tensor([1, 1, 5]))
        #expect(none.mean == 0 && none.counted == 0)
    }

    /// Two pixels, reliable and half: differences 0.5 in red of the first, 1 in blue of the second.
    @Test func warpErrorIsWeightedByTheMaskAndTemporalErrorIsOverAllPixels() {
        let previous = PlanarImage(Tensor([3, 1, 2]))
        let current = PlanarImage(Tensor([3, 1, 2], [0.5, 0, 0, 0, 0, 1]))
        let mask = ReliabilityMask(Tensor([1, 1, 2], [1, 0.5]))
        let error = WarpError.compute(
            current: current, previous: previous, flow: uniformFlow(width: 2, height: 1, u: 0, v: 0), mask: mask,
            rows: rows)
        #expect(abs(error.mean - (0.25 + 0.5 * 1) / (3 * 1.5)) < 1e-12)
        #expect(abs(error.temporalRootMeanSquare - ((0.25 + 0.25 * 1) / 6).squareRoot()) < 1e-12)
    }

    /// A red gain must not cancel a blue loss.
    @Test func channelsAreSquaredBeforeTheyAreAdded() {
        let previous = PlanarImage(Tensor([3, 1, 1], [0.5, 0.5, 0.5]))
        let current = PlanarImage(Tensor([3, 1, 1], [0.75, 0.5, 0.25]))
        let error = WarpError.compute(
            current: current, previous: previous, flow: uniformFlow(width: 1, height: 1, u: 0, v: 0),
            mask: ReliabilityMask(Tensor([1, 1, 1], [1])), rows: rows)
        #expect(abs(error.mean - 0.125 / 3) < 1e-12)
    }

    @Test func warpErrorOfAMovedPictureIsNil() {
        let texture = Texture(seed: 30)
        let previous = texture.picture(width: 33, height: 21)
        let current = texture.picture(width: 33, height: 21) { ($0 + 3, $1 - 1) }
        var mask = Tensor([1, 21, 33])
        mask.withMutableFloats { values in
            for y in 1..<21 { for x in 0..<30 { values[y * 33 + x] = 1 } }
        }
        let flow = uniformFlow(width: 33, height: 21, u: 3, v: -1)
        let right = WarpError.compute(
            current: current, previous: previous, flow: flow, mask: ReliabilityMask(mask), rows: rows)
        #expect(right.mean < 1e-12)
        let nothing = WarpError.compute(
            current: current, previous: previous, flow: flow, mask: ReliabilityMask(Tensor([1, 21, 33])), rows: rows)
        #expect(nothing.mean == 0 && nothing.temporalRootMeanSquare == 0)
    }

    @Test func colorWheelAgreesWithMiddleburys() throws {
        let flow = FlowField(try Golden.tensor("wheel_flow", [2, 17, 23]))
        let picture = FlowColorWheel.picture(of: flow, longest: 3)
        let expected = try Golden.tensor("wheel_expected", [3, 17, 23])
        #expect(largestDifference(picture.tensor, expected) < 2e-5)
    }

    @Test func colorWheelScalesToTheLongestKnownFlow() {
        let flow = FlowField(Tensor([2, 1, 3], [-4, 0, 2e9, 0, 0, 0]))
        let picture = FlowColorWheel.picture(of: flow)
        let explicit = FlowColorWheel.picture(of: flow, longest: 4)
        #expect(picture == explicit)
        let values = picture.tensor.values
        #expect([values[1], values[4], values[7]] == [1, 1, 1], "no motion is white")
        #expect([values[2], values[5], values[8]] == [0, 0, 0], "unknown is black")
    }
}
