import Tensors

/// Gives every frame of a clip its motion into the frame before it: flow, reliability, and the cuts between shots.
///
/// Keeps the previous frame's pyramid, so each frame is made grey and halved once. Not thread-safe; the result has
/// the same bits for any number of threads.
package final class FlowEstimator {
    /// How it is found where a flow can be trusted.
    package enum Reliability: Sendable, Equatable {
        /// By the flow the other way (`ForwardBackwardCheck`).
        case forwardBackward
        /// Without one (`OneWayCheck`).
        case oneWay
    }

    /// The settings of an estimator.
    package struct Configuration: Sendable, Equatable {
        /// How thoroughly to search.
        package var search = DenseInverseSearch.Configuration.medium
        /// Halvings of the frame's size at which to search, 0…2, the flow then being enlarged along edges; nil chooses
        /// by size.
        package var halvings: Int?
        /// How the mask is found.
        package var reliability = Reliability.forwardBackward
        /// When a frame begins a new shot; nil leaves the cuts to the caller's `reset()`.
        package var cuts: CutDetector.Configuration? = CutDetector.Configuration()

        /// The defaults.
        package init() {}
    }

    private let rows: ParallelRows
    private let pool: TensorPool?
    private let search: ScaledSearch
    private var previous: GreyPyramid?
    private var predicted: (backward: PredictedFlow, forward: PredictedFlow?)?
    private let reliability: Reliability
    private var detector: CutDetector?

    /// Makes an estimator that has seen no frame.
    package init(
        configuration: Configuration = Configuration(), rows: ParallelRows, pool: TensorPool? = nil
    ) {
        self.rows = rows
        self.pool = pool
        detector = configuration.cuts.map { CutDetector($0) }
        reliability = configuration.reliability
        search = ScaledSearch(
            configuration: configuration.search, halvings: configuration.halvings, rows: rows, pool: pool)
    }

    /// The next frame with its motion; nil motion on the first frame, after `reset()`, after a cut, and where the size
    /// changes.
    package func process(_ image: PlanarImage) -> FlowedImage {
        measured(image).frame
    }

    /// The same, with the figure that decided about the cut; nil where there was nothing to decide.
    package func measured(_ image: PlanarImage) -> (frame: FlowedImage, cut: SceneCut?) {
        let levels = search.levels(width: image.width, height: image.height)
        let current = GreyPyramid(image, levels: levels, rows: rows, pool: pool)
        defer { previous = current }
        guard let previous, previous.width == current.width, previous.height == current.height else {
            detector?.reset()
            predicted = nil
            return (FlowedImage(image: image, motion: nil), nil)
        }
        let backward = search.flow(from: current, into: previous, predicted: predicted?.backward)
        var cut: SceneCut?
        if detector != nil {
            let measure = SceneCut(current: current, previous: previous, flow: backward)
            cut = measure
            if detector?.isCut(measure) == true {
                predicted = nil
                return (FlowedImage(image: image, motion: nil), cut)
            }
        }
        let mask: ReliabilityMask
        switch reliability {
        case .oneWay:
            predicted = (PredictedFlow(continuing: backward, .backward), nil)
            mask = OneWayCheck.mask(backward: backward, frames: (current, previous), rows: rows, pool: pool)
        case .forwardBackward:
            let forward = search.flow(from: previous, into: current, predicted: predicted?.forward)
            predicted = (
                PredictedFlow(continuing: backward, .backward), PredictedFlow(continuing: forward, .forward)
            )
            mask = ForwardBackwardCheck.mask(
                backward: backward, forward: forward, frames: (current, previous), rows: rows, pool: pool)
        }
        return (FlowedImage(image: image, motion: FlowedImage.Motion(flow: backward, mask: mask)), cut)
    }

    /// What the next frame will be compared with; nil before the first frame. Cheap: nothing is copied.
    package var memory: FlowMemory? {
        previous.map {
            FlowMemory(
                frame: $0, backward: predicted?.backward, forward: predicted?.forward,
                restlessness: detector?.restlessness)
        }
    }

    /// Goes on from what an estimator of the same configuration remembered.
    package func restore(_ memory: FlowMemory) {
        let levels = search.levels(width: memory.frame.width, height: memory.frame.height)
        previous = GreyPyramid(grey: memory.frame.luma, levels: levels, rows: rows, pool: pool)
        predicted = memory.backward.map { ($0, memory.forward) }
        detector?.resume(restlessness: memory.restlessness)
    }

    /// Forgets the previous frame: the next one begins a new shot.
    package func reset() {
        previous = nil
        predicted = nil
        detector?.reset()
    }
}
