import OpticalFlow
import Tensors

/// Motion estimated from the source's frames; over a long interval directly, not frame by frame.
package final class EstimatedMotion: MotionSource {
    private let neighbours: FlowEstimator
    private let distant: FlowEstimator

    /// Estimates as `configuration` says.
    package init(configuration: FlowEstimator.Configuration, rows: ParallelRows, pool: TensorPool?) {
        neighbours = FlowEstimator(configuration: configuration, rows: rows, pool: pool)
        var uncut = configuration
        uncut.cuts = nil
        distant = FlowEstimator(configuration: uncut, rows: rows, pool: pool)
    }

    package func motion(of image: PlanarImage, index: Int) -> MeasuredMotion? {
        neighbours.process(image).motion.map { MeasuredMotion(flow: $0.flow, mask: $0.mask) }
    }

    package func motion(of image: PlanarImage, into earlier: PlanarImage, interval: Int) -> MeasuredMotion {
        distant.reset()
        _ = distant.process(earlier)
        guard let motion = distant.process(image).motion else {
            preconditionFailure("an estimator without cuts found no motion between frames of one size")
        }
        return MeasuredMotion(flow: motion.flow, mask: motion.mask)
    }
}
