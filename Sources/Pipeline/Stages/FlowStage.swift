import OpticalFlow

/// Estimates each frame's optical flow into the frame before it, and its reliability mask.
package final class FlowStage: Stage {
    package let name = "flow"
    private let estimator: FlowEstimator

    /// Makes a stage around an estimator, which nothing else may use.
    package init(_ estimator: FlowEstimator) {
        self.estimator = estimator
    }

    package func process(_ input: SourceFrame, emit: (FlowedFrame) throws -> Void) throws {
        try emit(FlowedFrame(frame: input, motion: estimator.process(input.image).motion))
    }
}
