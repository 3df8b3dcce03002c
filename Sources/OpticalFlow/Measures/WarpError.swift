import CKernels
import Tensors

/// How much a picture differs from the one before it, moved along the flow. Two figures that are not to be mixed.
package struct WarpError: Sendable, Equatable {
    /// E_warp (Lai et al. 2018): Σ m (V_t − warp(V_{t−1}))² / (3 Σ m); 0 where Σ m is 0.
    package let mean: Double
    /// Temporal RMSE (ReReVST): the root of the mean over **all** pixels and channels of (m (V_t − warp(V_{t−1})))².
    package let temporalRootMeanSquare: Double

    /// Compares a picture with its predecessor, warped bilinearly.
    ///
    /// - Parameters:
    ///   - flow: from `current` into `previous`.
    ///   - mask: weights of the pixels of `current`; 1 = reliable.
    package static func compute(
        current: PlanarImage, previous: PlanarImage, flow: FlowField, mask: ReliabilityMask, rows: ParallelRows
    ) -> WarpError {
        precondition(
            current.tensor.shape == previous.tensor.shape && current.width == mask.width
                && current.height == mask.height,
            "pictures \(current.tensor.shape) and \(previous.tensor.shape), mask \(mask.tensor.shape)"
        )
        let warped = BackwardWarp.warp(previous, by: flow, .bilinear, rows: rows)
        let count = current.width * current.height
        var weighted = 0.0
        var squared = 0.0
        var weights = 0.0
        current.tensor.withFloats { a in
            warped.tensor.withFloats { b in
                mask.tensor.withFloats { m in
                    for i in 0..<count {
                        let weight = Double(m[i])
                        var sum = 0.0
                        for c in 0..<3 {
                            let difference = Double(a[c * count + i]) - Double(b[c * count + i])
                            sum += difference * difference
                        }
                        weights += weight
                        weighted += weight * sum
                        squared += weight * weight * sum
                    }
                }
            }
        }
        return WarpError(
            mean: weights > 0 ? weighted / (3 * weights) : 0,
            temporalRootMeanSquare: count > 0 ? (squared / Double(3 * count)).squareRoot() : 0
        )
    }
}
