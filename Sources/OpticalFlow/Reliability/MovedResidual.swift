import CKernels
import Tensors

/// What the flow leaves unexplained of a frame.
enum MovedResidual {
    /// The previous frame at p + w(p), sampled bilinearly, edges replicated, minus the current one: `[H, W]` grey levels.
    static func plane(
        _ backward: FlowField, _ current: PaddedPlane, _ previous: PaddedPlane, rows: ParallelRows, pool: TensorPool?
    ) -> Tensor {
        precondition(
            current.width == backward.width && current.height == backward.height && previous.width == backward.width
                && previous.height == backward.height,
            "flow \(backward.tensor.shape), frames of \(current.width)×\(current.height) and "
                + "\(previous.width)×\(previous.height)")
        let kernels = bf_kernels_current().pointee.flow
        let (height, width) = (backward.height, backward.width)
        var residual = Tensor(uninitialized: [height, width], pool: pool)
        residual.withMutableFloats { target in
            backward.tensor.withFloats { back in
                nonisolated(unsafe) let (target, back) = (target, back)
                rows.run(rows: height, grain: 32) { _, range in
                    guard let out = target.baseAddress, let u = back.baseAddress else { return }
                    for y in range {
                        kernels.residual(
                            Int32(height), Int32(width), current.origin, previous.origin, current.stride,
                            u + y * width, u + (height + y) * width, Int32(y), out + y * width)
                    }
                }
            }
        }
        return residual
    }
}
