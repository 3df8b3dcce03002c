import Measurement
import OpticalFlow
import Tensors
import Testing

@Suite struct MotionTests {
    private let rows = ParallelRows(threads: 1)

    @Test func unknownAndOutwardFlowOfMiddleburyIsLeftOut() {
        let field = FlowField(Tensor([2, 1, 4], [1, 1.7e9, .nan, 2, 0, 0, 0, 0]))
        let motion = MiddleburyFlow.motion(in: field)
        #expect(motion.unknown == 2)
        #expect(motion.mask.tensor.values == [1, 0, 0, 0])
        #expect(motion.flow.tensor.values == [1, 0, 0, 2, 0, 0, 0, 0])
    }

    @Test func flowOfKITTIIsReadWithItsValidity() throws {
        let levels: [Float] = [32768 + 96, 0, 32768, 32768 - 64, 0, 32768, 1, 0, 0]
        let motion = try #require(KITTIFlow.motion(in: PlanarImage(Tensor([3, 1, 3], levels.map { $0 / 65535 }))))
        #expect(motion.flow.tensor.values == [1.5, 0, 0, -1, 0, 0])
        #expect(motion.mask.tensor.values == [1, 0, 0])
        #expect(motion.unknown == 1)
    }

    @Test func anEightBitPictureIsNoFlow() {
        let levels: [Float] = [128, 0, 10, 20, 255, 3]
        #expect(KITTIFlow.motion(in: PlanarImage(Tensor([3, 1, 2], levels.map { $0 / 255 }))) == nil)
    }

    /// Three frames that move by 1, 2 and 3 pixels: over three intervals by 6.
    @Test func trueFlowIsFollowedOverTheLongInterval() throws {
        let motion = TrueMotion(longest: 3, rows: rows, pool: nil) { index in
            guard index > 0 else { return nil }
            let values = [Float](repeating: Float(-index), count: 10) + [Float](repeating: 0, count: 10)
            return MiddleburyFlow.motion(in: FlowField(Tensor([2, 1, 10], values)))
        }
        let image = PlanarImage(Tensor([3, 1, 10]))
        for index in 0...3 { _ = try motion.motion(of: image, index: index) }
        let long = motion.motion(of: image, into: image, interval: 3)
        #expect(long.mask.tensor.values == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
        #expect(long.flow.tensor.values[6..<10].allSatisfy { $0 == -6 })
    }
}
