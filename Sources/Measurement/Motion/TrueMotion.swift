import OpticalFlow
import Tensors

/// Motion that is given, frame by frame; over a long interval it is followed from frame to frame.
package final class TrueMotion: MotionSource {
    private let read: (Int) throws -> MeasuredMotion?
    private let rows: ParallelRows
    private let pool: TensorPool?
    private let remembered: Int
    /// The motions of the shot's latest frames, the last one first.
    private var recent: [MeasuredMotion] = []

    /// Asks `read` for the motion of each frame into the one before; nil begins a shot. Intervals of up to `longest`
    /// frames can be asked for.
    package init(
        longest: Int, rows: ParallelRows, pool: TensorPool?, read: @escaping (Int) throws -> MeasuredMotion?
    ) {
        remembered = longest
        self.rows = rows
        self.pool = pool
        self.read = read
    }

    package func motion(of image: PlanarImage, index: Int) throws -> MeasuredMotion? {
        guard let motion = try read(index) else {
            recent = []
            return nil
        }
        recent = [motion] + recent.prefix(remembered - 1)
        return motion
    }

    package func motion(of image: PlanarImage, into earlier: PlanarImage, interval: Int) -> MeasuredMotion {
        precondition(recent.count >= interval, "an interval of \(interval) frames, \(recent.count) motions are known")
        return recent[1..<interval].reduce(recent[0], followed)
    }

    /// The motion over one more interval: w(p) + ŵ(p + w(p)), both sampled bilinearly. A pixel counts where its mask and
    /// those of all the pixels that the sample weighs do, all inside the frame.
    private func followed(_ motion: MeasuredMotion, by next: MeasuredMotion) -> MeasuredMotion {
        let (width, height) = (motion.flow.width, motion.flow.height)
        let count = width * height
        let onward = BackwardWarp.warp(next.flow.tensor, by: motion.flow, .bilinear, rows: rows, pool: pool)
        let certain = BackwardWarp.warp(next.mask.tensor, by: motion.flow, .bilinear, rows: rows, pool: pool)
        var flow = motion.flow.tensor
        var mask = motion.mask.tensor
        flow.withMutableFloats { components in
            mask.withMutableFloats { weights in
                onward.withFloats { further in
                    certain.withFloats { certain in
                        for i in 0..<count {
                            let x = Float(i % width) + components[i]
                            let y = Float(i / width) + components[count + i]
                            let inside = x >= 0 && y >= 0 && x <= Float(width - 1) && y <= Float(height - 1)
                            if !inside || certain[i] < 0.999 { weights[i] = 0 }
                            components[i] += further[i]
                            components[count + i] += further[count + i]
                        }
                    }
                }
            }
        }
        return MeasuredMotion(flow: FlowField(flow), mask: ReliabilityMask(mask), unknown: motion.unknown)
    }
}
