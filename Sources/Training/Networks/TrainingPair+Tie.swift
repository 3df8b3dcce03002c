import OpticalFlow
import Stylization
import Tensors

extension TrainingPair {
    /// What ties a frame before the pair's earlier one, or that one itself, to the painting of the frame before it.
    ///
    /// - Parameters:
    ///   - painted: the frame that is tied to, painted.
    ///   - count: how many frames that one lies before the earlier frame, at least 1.
    package func tie(_ painted: Tensor, from count: Int, rows: ParallelRows, pool: TensorPool) -> PaintingTie {
        let (height, width) = (earlier.shape[1], earlier.shape[2])
        let shift = view(before: count - 1).shift - view(before: count).shift
        var flow = Tensor(uninitialized: [2, height, width], pool: pool)
        var mask = Tensor(uninitialized: [1, height, width], pool: pool)
        let plane = height * width
        flow.withMutableFloats { flow in
            mask.withMutableFloats { mask in
                for place in 0..<plane {
                    flow[place] = shift.x
                    flow[plane + place] = shift.y
                    let (x, y) = (Float(place % width) + shift.x, Float(place / width) + shift.y)
                    mask[place] = x >= 0 && y >= 0 && x <= Float(width - 1) && y <= Float(height - 1) ? 1 : 0
                }
            }
        }
        return PaintingTie(
            warped: BackwardWarp.warp(painted, by: FlowField(flow), .bicubic, rows: rows, pool: pool),
            reliability: ReliabilityMask(mask))
    }
}
