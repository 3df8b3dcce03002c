import CKernels
import Tensors

/// Where a backward flow can be trusted, after Ruder, Dosovitskiy, Brox 2016 (their occlusion test is Sundaram 2010's).
///
/// With w the backward flow at p and ŵ the forward flow sampled bilinearly at p + w:
/// - 0 where any of the four taps lies outside the frame,
/// - else −1 (disoccluded) where |w + ŵ|² > 0.01 (|w|² + |ŵ|²) + 0.5,
/// - else 0 (motion boundary) where |∇u|² + |∇v|² > 0.01 |w|² + 0.002, by central differences, edges replicated,
/// - else 1;
///
/// then 5 taps of a Gaussian of σ = 0.8 both ways, edges replicated; then clipped to 0…1.
package enum ForwardBackwardCheck {
    /// The mask of `backward` (from t into t−1), given the flow from t−1 into t.
    package static func mask(
        backward: FlowField, forward: FlowField, rows: ParallelRows, pool: TensorPool? = nil
    ) -> ReliabilityMask {
        precondition(
            backward.tensor.shape == forward.tensor.shape,
            "backward flow \(backward.tensor.shape), forward flow \(forward.tensor.shape)"
        )
        let kernels = bf_kernels_current().pointee.flow
        let (height, width) = (backward.height, backward.width)
        var rule = Tensor(uninitialized: [1, height, width], pool: pool)
        rule.withMutableFloats { target in
            backward.tensor.withFloats { back in
                forward.tensor.withFloats { ahead in
                    nonisolated(unsafe) let (target, back, ahead) = (target, back, ahead)
                    rows.run(rows: height, grain: 32) { _, range in
                        guard let out = target.baseAddress else { return }
                        for y in range {
                            kernels.reliability(
                                Int32(height), Int32(width), back.baseAddress, ahead.baseAddress, Int32(y),
                                out + y * width)
                        }
                    }
                }
            }
        }
        return ReliabilityMask(blurred(rule, rows: rows, pool: pool))
    }

    private static func blurred(_ rule: Tensor, rows: ParallelRows, pool: TensorPool?) -> Tensor {
        let kernels = bf_kernels_current().pointee.flow
        let (height, width) = (rule.shape[1], rule.shape[2])
        let taps = gaussian
        let stripes = ParallelRows.stripeCount(rows: height, grain: 32)
        var scratch = Tensor(uninitialized: [stripes, width + 4], pool: pool)
        var mask = Tensor(uninitialized: rule.shape, pool: pool)
        mask.withMutableFloats { target in
            scratch.withMutableFloats { temporary in
                rule.withFloats { source in
                    nonisolated(unsafe) let (target, temporary, source) = (target, temporary, source)
                    rows.run(rows: height, grain: 32) { stripe, range in
                        guard let out = target.baseAddress, let room = temporary.baseAddress else { return }
                        for y in range {
                            kernels.reliability_blur(
                                Int32(height), Int32(width), source.baseAddress, taps, Int32(y),
                                room + stripe * (width + 4),
                                out + y * width)
                        }
                    }
                }
            }
        }
        return mask
    }

    /// Five samples of a Gaussian of σ = 0.8, which add up to 1.
    private static let gaussian: [Float] = {
        let far = 0.043_936_933_623_407_42, near = 0.457_833_361_771_614_27
        let sum = 1 + 2 * (far + near)
        return [far, near, 1, near, far].map { Float($0 / sum) }
    }()
}
