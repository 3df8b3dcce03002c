import OpticalFlow
import Tensors
import Testing
import Training

@Suite struct TrainingPairTests {
    /// Everything moves two columns to the right, so the later frame's column x was column x − 2.
    @Test func aPictureMovesWithThePair() {
        let (height, width) = (8, 12)
        func frame(shifted: Int) -> Tensor {
            Tensor([3, height, width], (0..<3 * height * width).map { Float($0 % width - shifted) / 16 })
        }
        let flow = Tensor(
            [2, height, width], (0..<2 * height * width).map { $0 < height * width ? Float(-2) : 0 })
        let pair = TrainingPair(
            earlier: frame(shifted: 0), later: frame(shifted: 2), flow: FlowField(flow),
            reliability: ReliabilityMask(Tensor([1, height, width], filledWith: 1)))
        let moved = pair.moved(pair.earlier, rows: ParallelRows(threads: 1))
        for index in 0..<3 * height * width where (4..<width - 2).contains(index % width) {
            #expect(abs(moved.values[index] - pair.later.values[index]) < 1e-6)
        }
    }

    @Test func asFarAsTheFlowHoldsTheMovedPaintingIsExpected() {
        let frame = Tensor([3, 1, 3], filledWith: 0)
        let pair = TrainingPair(
            earlier: frame, later: frame, flow: FlowField(Tensor([2, 1, 3], filledWith: 0)),
            reliability: ReliabilityMask(Tensor([1, 1, 3], [1, 0, 0.25])))
        let expected = pair.expected(
            moved: Tensor([3, 1, 3], [1, 2, 4, 8, 16, 32, 64, 128, 256]), anew: Tensor([3, 1, 3], filledWith: 512),
            rows: ParallelRows(threads: 1))
        #expect(expected.values == [1, 512, 385, 8, 512, 392, 64, 512, 448])
    }

    /// A ramp of columns seen from ever farther to the left: each view's painting, brought to the next view's place, is that
    /// view, but where it looks beyond the frame.
    @Test func whatWasPaintedBeforeMovesWithTheCamera() {
        let (height, width) = (6, 12)
        func frame(at shift: Float) -> Tensor {
            Tensor([3, height, width], (0..<3 * height * width).map { (Float($0 % width) + shift + 8) / 32 })
        }
        let still = FlowField(Tensor([2, height, width], filledWith: 0))
        let pair = TrainingPair(
            earlier: frame(at: 0), later: frame(at: 0), flow: still,
            reliability: ReliabilityMask(Tensor([1, height, width], filledWith: 1)),
            approach: [-1.5, -3].map { TrainingPair.View(frame: frame(at: $0), shift: SIMD2($0, 0)) })
        let (rows, pool) = (ParallelRows(threads: 1), TensorPool())
        for count in [1, 2] {
            let (from, into) = (pair.view(before: count), pair.view(before: count - 1))
            let tie = pair.tie(from.frame, from: count, rows: rows, pool: pool)
            for place in 0..<height * width {
                let x = place % width
                #expect(tie.reliability.tensor.values[place] == (x < width - 2 ? 1 : 0))
                if (0..<width - 4).contains(x) {
                    #expect(abs(tie.warped.values[place] - into.frame.values[place]) < 1e-6)
                }
            }
        }
        // Before the farthest view the camera stands still.
        let tie = pair.tie(pair.view(before: 3).frame, from: 3, rows: rows, pool: pool)
        #expect(tie.warped == pair.view(before: 2).frame)
        #expect(tie.reliability.tensor.values.allSatisfy { $0 == 1 })
        #expect(pair.view(before: 0).frame == pair.earlier)
    }
}
