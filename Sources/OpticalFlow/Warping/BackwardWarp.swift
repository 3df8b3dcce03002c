import CKernels
import Tensors

/// Backward warping: fetches for every pixel of frame t the value that its flow points at in frame t−1.
package enum BackwardWarp {
    /// How values between pixels are made.
    package enum Interpolation: Sendable, CaseIterable {
        /// From 2×2 pixels. Blurs a little more with every warp.
        case bilinear
        /// From 4×4 pixels by Keys' cubic (1981) with a = −¾, as OpenCV and PyTorch have it. May overshoot the range. A painting
        /// that is warped in every frame kept 0.92 of its sharpness; with Catmull-Rom's a = −½, 0.86.
        case bicubic
    }

    /// Samples `image` at positions displaced by `flow`.
    ///
    /// - Parameters:
    ///   - image: `[C, H, W]`, any range.
    ///   - flow: `[2, H, W]`, pixels. A component that is not a number points at column or row 0.
    /// - Returns: `[C, H, W]`; positions outside the image take the nearest edge value.
    package static func warp(
        _ image: Tensor, by flow: FlowField, _ interpolation: Interpolation, rows: ParallelRows,
        pool: TensorPool? = nil
    ) -> Tensor {
        precondition(
            image.shape.rank == 3 && image.shape[1] == flow.height && image.shape[2] == flow.width,
            "cannot warp \(image.shape) by flow of \(flow.tensor.shape)"
        )
        let kernels = bf_kernels_current().pointee.flow
        let channels = Int32(image.shape[0])
        let (height, width) = (flow.height, flow.width)
        var result = Tensor(uninitialized: image.shape, pool: pool)
        result.withMutableFloats { target in
            image.withFloats { source in
                flow.tensor.withFloats { components in
                    nonisolated(unsafe) let (target, source, components) = (target, source, components)
                    rows.run(rows: height, grain: 8) { _, range in
                        guard let u = components.baseAddress else { return }
                        let warp = interpolation == .bilinear ? kernels.warp_bilinear : kernels.warp_bicubic
                        for y in range {
                            let row = u + y * width
                            warp?(
                                channels, Int32(height), Int32(width), source.baseAddress, row,
                                row + height * width, Int32(y), target.baseAddress)
                        }
                    }
                }
            }
        }
        return result
    }

    /// The gradient of `image` from that of what `warp` made of it bicubically. By one thread.
    ///
    /// - Parameters:
    ///   - gradient: `[C, H, W]`.
    ///   - flow: `[2, H, W]`, as it was warped by.
    /// - Returns: `[C, H, W]`.
    package static func bicubicGradient(_ gradient: Tensor, by flow: FlowField, pool: TensorPool? = nil) -> Tensor {
        precondition(
            gradient.shape.rank == 3 && gradient.shape[1] == flow.height && gradient.shape[2] == flow.width,
            "a gradient of \(gradient.shape) by flow of \(flow.tensor.shape)")
        let spread = bf_kernels_current().pointee.flow.warp_bicubic_gradient
        let (height, width) = (flow.height, flow.width)
        var result = Tensor(gradient.shape, filledWith: 0, pool: pool)
        result.withMutableFloats { sums in
            gradient.withFloats { gradient in
                flow.tensor.withFloats { components in
                    guard let u = components.baseAddress else { return }
                    for y in 0..<height {
                        let row = u + y * width
                        spread?(
                            Int32(gradient.count / (height * width)), Int32(height), Int32(width), gradient.baseAddress,
                            row, row + height * width, Int32(y), sums.baseAddress)
                    }
                }
            }
        }
        return result
    }

    /// Samples a picture at positions displaced by `flow`; see `warp(_:by:_:rows:pool:)`.
    package static func warp(
        _ image: PlanarImage, by flow: FlowField, _ interpolation: Interpolation, rows: ParallelRows,
        pool: TensorPool? = nil
    ) -> PlanarImage {
        PlanarImage(warp(image.tensor, by: flow, interpolation, rows: rows, pool: pool))
    }
}
