import OpticalFlow
import Stylization
import Tensors

/// Measures two clips, or three, frame by frame. Memory does not grow with their length but for the figures of each
/// frame: it keeps the pictures of the last ten.
package final class ClipMeasurer {
    /// Frames of the long interval, ReReVST's.
    package static let longInterval = 10

    /// What was measured of one frame, and with what.
    package struct Outcome {
        /// The figures.
        package let figures: FrameFigures
        /// The motion into the frame before; nil on the first frame of a shot.
        package let motion: MeasuredMotion?
        /// The frame before of the same shot.
        package let previous: ComparedFrames?
    }

    private let motion: any MotionSource
    private let distances: ReferenceDistances?
    private let rows: ParallelRows
    private let pool: TensorPool?
    private var alignment: AlignmentTracker
    private var last: ComparedFrames?
    /// The shot's latest frames, the oldest first.
    private var shot: [ComparedFrames] = []
    private var figures: [FrameFigures] = []

    /// Measures with `motion`'s flow and masks; without `distances` style and content are left out.
    package init(
        motion: any MotionSource, distances: ReferenceDistances?, rows: ParallelRows, pool: TensorPool? = nil
    ) {
        self.motion = motion
        self.distances = distances
        self.rows = rows
        self.pool = pool
        alignment = AlignmentTracker(rows: rows)
    }

    /// Measures the next frame.
    package func add(_ frames: ComparedFrames) throws -> Outcome {
        let motion = try motion.motion(of: frames.source, index: frames.index)
        if motion == nil { shot = [] }
        let previous = shot.last
        var measured = FrameFigures(
            index: frames.index, short: motion.flatMap { motion in previous.map { compare(frames, $0, motion) } },
            sharpness: trio(frames) { PictureFigures.sharpness($0, rows: rows) },
            brightness: trio(frames, PictureFigures.brightness), change: last.map { change(frames, $0) })
        if motion != nil, shot.count == Self.longInterval {
            let earlier = shot[0]
            let distant = try self.motion.motion(
                of: frames.source, into: earlier.source, interval: Self.longInterval)
            measured.long = compare(frames, earlier, distant)
        }
        distances?.measure(frames, into: &measured)
        alignment.add(source: frames.source)
        alignment.add(stylized: frames.stylized)
        figures.append(measured)
        shot = shot.suffix(Self.longInterval - 1) + [frames]
        last = frames
        return Outcome(figures: measured, motion: motion, previous: previous)
    }

    /// Takes a source frame that the stylized clip has no frame for, after the last one: it tells whether frames are
    /// missing.
    package func add(surplusSource image: PlanarImage) { alignment.add(source: image) }

    /// The clip's figures after its last frame.
    package func finish() -> ClipFigures {
        ClipFigures(frames: figures, slips: Slip.find(in: alignment.finish(), frames: figures))
    }

    private func compare(
        _ frames: ComparedFrames, _ earlier: ComparedFrames, _ motion: MeasuredMotion
    ) -> IntervalFigures {
        func errors(_ current: PlanarImage, _ previous: PlanarImage) -> IntervalFigures.Errors {
            let error = WarpError.compute(
                current: current, previous: previous, flow: motion.flow, mask: motion.mask, rows: rows)
            return IntervalFigures.Errors(warp: error.mean, root: error.temporalRootMeanSquare)
        }
        var independent: IntervalFigures.Errors?
        if let current = frames.independent, let previous = earlier.independent {
            independent = errors(current, previous)
        }
        return IntervalFigures(
            stylized: errors(frames.stylized, earlier.stylized), source: errors(frames.source, earlier.source),
            independent: independent, occluded: motion.occluded, unknown: motion.unknown)
    }

    private func trio(_ frames: ComparedFrames, _ figure: (PlanarImage) -> Double) -> FrameFigures.Trio {
        FrameFigures.Trio(
            stylized: figure(frames.stylized), source: figure(frames.source),
            independent: frames.independent.map(figure))
    }

    private func change(_ frames: ComparedFrames, _ before: ComparedFrames) -> FrameFigures.Trio {
        FrameFigures.Trio(
            stylized: PictureFigures.change(from: before.stylized, to: frames.stylized),
            source: PictureFigures.change(from: before.source, to: frames.source))
    }
}
