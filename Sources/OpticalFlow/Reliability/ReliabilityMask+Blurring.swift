import CKernels
import Tensors

extension ReliabilityMask {
    /// A rule's values, `[1, H, W]`, −1…1, blurred by five taps of a Gaussian of σ = 0.8 both ways, edges replicated, and then
    /// clipped to 0…1.
    init(blurring rule: Tensor, rows: ParallelRows, pool: TensorPool?) {
        let kernels = bf_kernels_current().pointee.flow
        let (height, width) = (rule.shape[1], rule.shape[2])
        let taps = Self.gaussian
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
        self.init(mask)
    }

    /// Five samples of a Gaussian of σ = 0.8, which add up to 1.
    private static let gaussian: [Float] = {
        let far = 0.043_936_933_623_407_42, near = 0.457_833_361_771_614_27
        let sum = 1 + 2 * (far + near)
        return [far, near, 1, near, far].map { Float($0 / sum) }
    }()
}
