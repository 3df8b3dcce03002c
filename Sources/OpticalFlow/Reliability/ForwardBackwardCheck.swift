import CKernels
import Tensors

/// Where a backward flow can be trusted, after Ruder, Dosovitskiy, Brox 2016 (their occlusion test is Sundaram 2010's).
///
/// With w the backward flow at p and ŵ the forward flow sampled bilinearly at p + w:
/// - 0 where any of the four taps lies outside the frame,
/// - else −1 (disoccluded) where |w + ŵ|² > 0.01 (|w|² + |ŵ|²) + 0.5,
/// - else 0 (motion boundary) where |∇u|² + |∇v|² > 0.01 |w|² + b, by central differences, edges replicated,
/// - else 0 (another thing is seen there) where the grey levels of frame t differ from those of frame t−1 at p + w with
///   a variance above 80 in 3×3 pixels, which a change of brightness does not raise,
/// - else 1;
///
/// then 5 taps of a Gaussian of σ = 0.8 both ways, edges replicated; then clipped to 0…1.
///
/// Ruder's rule has b = 0.002 and no photometric term. Ours has b = 0.1, and found more of the true occlusions with
/// fewer false ones on every pair of `brushflow-bench reliability`: most pixels that Ruder's b marks lie in smooth
/// motion, while occluded ones that both flows agree to explain away show in the picture.
package enum ForwardBackwardCheck {
    /// The mask of `backward` (from t into t−1), given the flow from t−1 into t.
    ///
    /// - Parameter frames: frames t and t−1, for our rule; Ruder's where they are nil.
    package static func mask(
        backward: FlowField, forward: FlowField, frames: (current: GreyPyramid, previous: GreyPyramid)? = nil,
        rows: ParallelRows, pool: TensorPool? = nil
    ) -> ReliabilityMask {
        precondition(
            backward.tensor.shape == forward.tensor.shape,
            "backward flow \(backward.tensor.shape), forward flow \(forward.tensor.shape)"
        )
        let kernels = bf_kernels_current().pointee.flow
        let (height, width) = (backward.height, backward.width)
        let boundary = frames == nil ? ruderBoundary : boundary
        var rule = Tensor(uninitialized: [1, height, width], pool: pool)
        rule.withMutableFloats { target in
            backward.tensor.withFloats { back in
                forward.tensor.withFloats { ahead in
                    nonisolated(unsafe) let (target, back, ahead) = (target, back, ahead)
                    rows.run(rows: height, grain: 32) { _, range in
                        guard let out = target.baseAddress else { return }
                        for y in range {
                            kernels.reliability(
                                Int32(height), Int32(width), back.baseAddress, ahead.baseAddress, boundary, Int32(y),
                                out + y * width)
                        }
                    }
                }
            }
        }
        if let frames {
            doubt(&rule, backward, frames.current.levels[0], frames.previous.levels[0], rows: rows, pool: pool)
        }
        return ReliabilityMask(blurring: rule, rows: rows, pool: pool)
    }

    /// Takes the trust from pixels whose moved neighbourhood looks different.
    private static func doubt(
        _ rule: inout Tensor, _ backward: FlowField, _ current: PaddedPlane, _ previous: PaddedPlane,
        rows: ParallelRows, pool: TensorPool?
    ) {
        let kernels = bf_kernels_current().pointee.flow
        let (height, width) = (backward.height, backward.width)
        let residual = MovedResidual.plane(backward, current, previous, rows: rows, pool: pool)
        rule.withMutableFloats { target in
            residual.withFloats { differences in
                nonisolated(unsafe) let (target, differences) = (target, differences)
                rows.run(rows: height, grain: 32) { _, range in
                    guard let out = target.baseAddress, let base = differences.baseAddress else { return }
                    for y in range {
                        let row = base + y * width
                        kernels.doubt(
                            Int32(width), y > 0 ? row - width : row, row, y + 1 < height ? row + width : row,
                            mostVariance, out + y * width)
                    }
                }
            }
        }
    }

    private static let ruderBoundary: Float = 0.002
    /// The squared gradient of the flow that is no motion boundary even at rest, by our rules.
    static let boundary: Float = 0.1
    /// Of the residual in 3×3 pixels, grey levels squared, by our rules.
    static let mostVariance: Float = 80
}
