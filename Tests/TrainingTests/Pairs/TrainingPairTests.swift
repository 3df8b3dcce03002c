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

    /// A ramp of columns seen from ever farther to the left: each view's painting, brought to the next view's place, is that
    /// view, but where it looks beyond the frame.
    @Test func whatWasPaintedBeforeMovesWithTheCamera() throws {
        let (height, width) = (6, 12)
        func frame(at shift: Float) -> Tensor {
            Tensor([3, height, width], (0..<3 * height * width).map { (Float($0 % width) + shift + 8) / 32 })
        }
        let still = FlowField(Tensor([2, height, width], filledWith: 0))
        let pair = TrainingPair(
            earlier: frame(at: 0), later: frame(at: 0), flow: still,
            reliability: ReliabilityMask(Tensor([1, height, width], filledWith: 1)),
            approach: [-1.5, -3].map { TrainingPair.View(frame: frame(at: $0), shift: SIMD2($0, 0)) })
        let rows = ParallelRows(threads: 1)
        let clip = pair.clip(approach: 3, pool: nil)
        #expect(clip.map(\.image.tensor) == [3, 2, 1, 0].map { pair.view(before: $0).frame } + [pair.later])
        #expect(clip[0].motion == nil && clip[4].motion?.flow.tensor == still.tensor)
        for index in [2, 3] {
            let motion = try #require(clip[index].motion)
            let moved = BackwardWarp.warp(clip[index - 1].image.tensor, by: motion.flow, .bicubic, rows: rows)
            for place in 0..<height * width {
                let x = place % width
                #expect(motion.mask.tensor.values[place] == (x < width - 2 ? 1 : 0))
                if (0..<width - 4).contains(x) {
                    #expect(abs(moved.values[place] - clip[index].image.tensor.values[place]) < 1e-6)
                }
            }
        }
        // Before the farthest view the camera stands still.
        let motion = try #require(clip[1].motion)
        #expect(motion.flow.tensor == still.tensor)
        #expect(motion.mask.tensor.values.allSatisfy { $0 == 1 })
        #expect(pair.view(before: 0).frame == pair.earlier)
    }
}
