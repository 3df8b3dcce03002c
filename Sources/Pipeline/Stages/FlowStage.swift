import OpticalFlow

/// Estimates each frame's optical flow into the frame before it, and its reliability mask.
package final class FlowStage: Stage {
    package let name = "flow"
    private let estimator: FlowEstimator
    private var rule: ChunkRule?

    /// Makes a stage around an estimator, which nothing else may use.
    ///
    /// - Parameter rule: tells the frames with which what the estimator remembers is given out; nil for none.
    package init(_ estimator: FlowEstimator, rule: ChunkRule? = nil) {
        self.estimator = estimator
        self.rule = rule
    }

    package func process(_ input: SourceFrame, emit: (FlowedFrame) throws -> Void) throws {
        let motion = estimator.process(input.image).motion
        let ends = !input.label.isWarmUp && rule?.place(startsShot: motion == nil).ends == true
        try emit(FlowedFrame(frame: input, motion: motion, memory: ends ? estimator.memory : nil))
    }
}
