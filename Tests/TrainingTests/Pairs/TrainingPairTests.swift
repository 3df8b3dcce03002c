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
}
