import OpticalFlow
import Tensors
import Testing

@Suite struct FlowEstimatorTests {
    private func picture(_ t: Double, width: Int = 97, height: Int = 71) -> PlanarImage {
        Texture(seed: 20).picture(width: width, height: height) { ($0 - 2 * t, $1 + t) }
    }

    @Test func flowPointsBackIntoThePreviousFrame() throws {
        let estimator = FlowEstimator(rows: ParallelRows(threads: 2), pool: TensorPool())
        #expect(estimator.process(picture(0)).motion == nil)
        for t in 1...2 {
            let motion = try #require(estimator.process(picture(Double(t))).motion)
            let truth = uniformFlow(width: 97, height: 71, u: -2, v: 1)
            #expect(EndPointError.compute(flow: motion.flow, truth: truth).mean < 0.15)
            #expect(motion.mask.tensor.values[35 * 97 + 48] > 0.99)
        }
    }

    @Test func resetAndAChangeOfSizeBeginAShot() {
        let estimator = FlowEstimator(rows: ParallelRows(threads: 2))
        _ = estimator.process(picture(0))
        estimator.reset()
        #expect(estimator.process(picture(1)).motion == nil)
        #expect(estimator.process(picture(2)).motion != nil)
        #expect(estimator.process(picture(2, width: 50)).motion == nil)
        #expect(estimator.process(picture(2, width: 50)).motion != nil)
    }

    @Test func whatWasSeenBeforeAResetChangesNothing() throws {
        let estimator = FlowEstimator(rows: ParallelRows(threads: 2))
        for t in 0..<3 { _ = estimator.process(picture(Double(t))) }
        estimator.reset()
        _ = estimator.process(picture(2))
        let last = try #require(estimator.process(picture(3)).motion)
        let fresh = FlowEstimator(rows: ParallelRows(threads: 1))
        _ = fresh.process(picture(2))
        let alone = try #require(fresh.process(picture(3)).motion)
        #expect(last.flow == alone.flow)
        #expect(last.mask == alone.mask)
    }
}
