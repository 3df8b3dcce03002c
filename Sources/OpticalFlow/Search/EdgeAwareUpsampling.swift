import CKernels
import Tensors

/// Enlarges a flow along the edges of the frame that it belongs to (joint bilateral upsampling; Kopf, Cohen, Lischinski,
/// Uyttendaele 2007).
package enum EdgeAwareUpsampling {
    /// The flow at the size of `guide`, of which `flow` has the level `halvings`. Each vector is the mean of the 3×3
    /// nearest, weighted by nearness and by likeness of grey.
    package static func flow(
        _ flow: FlowField, guide: GreyPyramid, halvings: Int, rows: ParallelRows, pool: TensorPool? = nil
    ) -> FlowField {
        let full = guide.levels[0]
        let small = guide.levels[halvings]
        precondition(
            flow.width == small.width && flow.height == small.height,
            "a flow of \(flow.tensor.shape) for a level of \(small.width)×\(small.height)")
        let kernels = bf_kernels_current().pointee.flow
        let (width, height) = (full.width, full.height)
        var tensor = Tensor(uninitialized: [2, height, width], pool: pool)
        tensor.withMutableFloats { target in
            flow.tensor.withFloats { vectors in
                var job = bf_flow_upsampling(
                    small_width: Int32(small.width), small_height: Int32(small.height), width: Int32(width),
                    height: Int32(height), factor: Int32(1 << halvings), flow: vectors.baseAddress,
                    small: small.origin, small_stride: small.stride, grey: full.origin, stride: full.stride)
                withUnsafePointer(to: &job) { pointer in
                    nonisolated(unsafe) let (job, target) = (pointer, target)
                    rows.run(rows: height, grain: 32) { _, range in
                        guard let out = target.baseAddress else { return }
                        for y in range {
                            kernels.upsample(job, Int32(y), out + y * width, out + (height + y) * width)
                        }
                    }
                }
            }
        }
        return FlowField(tensor)
    }
}
