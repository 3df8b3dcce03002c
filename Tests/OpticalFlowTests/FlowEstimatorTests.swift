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

    /// An estimator that is given what another remembered goes on with the same bits, and knows the same cuts.
    @Test(arguments: [FlowEstimator.Reliability.forwardBackward, .oneWay])
    func whatIsRememberedIsAllThatCounts(reliability: FlowEstimator.Reliability) throws {
        var configuration = FlowEstimator.Configuration()
        configuration.reliability = reliability
        let whole = FlowEstimator(configuration: configuration, rows: ParallelRows(threads: 2))
        #expect(whole.memory == nil)
        let other = Texture(seed: 4).picture(width: 97, height: 71) { ($0, $1) }
        let frames = (0..<5).map { picture(Double($0) * 1.7) } + [other, other]
        var memories: [FlowMemory] = []
        var results: [FlowedImage] = []
        for frame in frames {
            results.append(whole.process(frame))
            memories.append(try #require(whole.memory))
        }
        #expect(results.map { $0.motion == nil } == [true, false, false, false, false, true, false])
        for (done, memory) in memories.enumerated() {
            let copy = FlowMemory(
                frame: GreyPyramid(grey: memory.frame.luma, levels: 1, rows: ParallelRows(threads: 1)),
                backward: memory.backward.map { PredictedFlow($0.tensor) },
                forward: memory.forward.map { PredictedFlow($0.tensor) }, restlessness: memory.restlessness)
            #expect(
                memory.backward.map { $0.tensor.shape }
                    == memory.backward.map { _ in PredictedFlow.shape(width: 97, height: 71) })
            #expect((memory.forward != nil) == (memory.backward != nil && reliability == .forwardBackward))
            let rest = FlowEstimator(configuration: configuration, rows: ParallelRows(threads: 1))
            rest.restore(copy)
            for index in done + 1..<frames.count {
                let motion = rest.process(frames[index]).motion
                #expect(motion?.flow == results[index].motion?.flow && motion?.mask == results[index].motion?.mask)
            }
        }
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
