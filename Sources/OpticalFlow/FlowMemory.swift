import Tensors

/// What a `FlowEstimator` knows of the frames before the next one.
package struct FlowMemory: Sendable {
    /// The previous frame, of which full size alone counts.
    package let frame: GreyPyramid
    /// Where pixels are expected to come from; nil on the first frame of a shot, as is `forward`.
    package let backward: PredictedFlow?
    /// Where the previous frame's pixels are expected to go; nil where the flow is estimated one way.
    package let forward: PredictedFlow?
    /// The shot's (see `CutDetector`).
    package let restlessness: Double?

    /// Gathers what an estimator remembers.
    package init(frame: GreyPyramid, backward: PredictedFlow?, forward: PredictedFlow?, restlessness: Double?) {
        self.frame = frame
        self.backward = backward
        self.forward = forward
        self.restlessness = restlessness
    }
}
