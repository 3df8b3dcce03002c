import CKernels
import Tensors

/// Where a backward flow can be trusted, judged by itself and the frames, without a forward flow: half of the estimation.
///
/// With w the backward flow at p, and r the residual, the previous frame at p + w minus the current one, in grey levels:
/// - 0 where p + w lies outside the frame,
/// - else 0 (motion boundary) as in `ForwardBackwardCheck`,
/// - else 0 (another thing is seen there) where r has a variance above 80 in 3×3 pixels, or a mean there more than 10 away from
///   that of the whole frame, which a change of light moves,
/// - else 0 (crowded: things that are hidden behind others, and these, come from the same place) where the area of a pixel
///   shrinks on its way, |I + ∇w| < 0.9, and the variance is above 10,
/// - else 1;
///
/// then blurred as there. Where flows are hard to estimate, in motion blur and on flat walls, two of them disagree though
/// either would do, and a forward–backward check takes back trust that the picture gives no reason to.
package enum OneWayCheck {
    /// The mask of `backward`, from frame t into t−1; `frames`: t and t−1.
    package static func mask(
        backward: FlowField, frames: (current: GreyPyramid, previous: GreyPyramid), rows: ParallelRows,
        pool: TensorPool? = nil
    ) -> ReliabilityMask {
        let kernels = bf_kernels_current().pointee.flow
        let (height, width) = (backward.height, backward.width)
        let residual = MovedResidual.plane(
            backward, frames.current.levels[0], frames.previous.levels[0], rows: rows, pool: pool)
        let limits = limits(residualMean: mean(residual, rows: rows))
        var rule = Tensor(uninitialized: [1, height, width], pool: pool)
        rule.withMutableFloats { target in
            residual.withFloats { differences in
                backward.tensor.withFloats { back in
                    nonisolated(unsafe) let (target, differences, back) = (target, differences, back)
                    rows.run(rows: height, grain: 32) { _, range in
                        guard let out = target.baseAddress, let base = differences.baseAddress else { return }
                        for y in range {
                            let row = base + y * width
                            withUnsafePointer(to: limits) {
                                kernels.one_way(
                                    Int32(height), Int32(width), back.baseAddress, y > 0 ? row - width : row, row,
                                    y + 1 < height ? row + width : row, $0, Int32(y), out + y * width)
                            }
                        }
                    }
                }
            }
        }
        return ReliabilityMask(blurring: rule, rows: rows, pool: pool)
    }

    private static func limits(residualMean: Float) -> bf_flow_limits {
        bf_flow_limits(
            boundary: ForwardBackwardCheck.boundary, variance: ForwardBackwardCheck.mostVariance, difference: 10,
            residual_mean: residualMean, crowded_area: 0.9, crowded_variance: 10)
    }

    /// The mean of a plane, row by row, so that it is the same for any number of threads.
    private static func mean(_ plane: Tensor, rows: ParallelRows) -> Float {
        let (height, width) = (plane.shape[0], plane.shape[1])
        let sums = rows.map(Array(0..<height)) { row in
            plane.withFloats { values in
                values[row * width..<(row + 1) * width].reduce(Double(0)) { $0 + Double($1) }
            }
        }
        return Float(sums.reduce(0, +) / Double(plane.count))
    }
}
