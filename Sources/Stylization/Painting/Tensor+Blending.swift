import OpticalFlow
import Tensors

extension Tensor {
    /// strength · self + (1 − strength) · source, for pictures of one shape; itself for a strength of 1.
    func applied(_ strength: Double, over source: Tensor, rows: ParallelRows, pool: TensorPool?) -> Tensor {
        guard strength < 1 else { return self }
        precondition(shape == source.shape && shape.rank == 3, "painting \(shape) over \(source.shape)")
        var result = Tensor(uninitialized: shape, pool: pool)
        let (width, share) = (shape[2], Float(strength))
        withFloats { painted in
            source.withFloats { source in
                result.withMutableFloats { result in
                    nonisolated(unsafe) let (a, b, out) = (painted, source, result)
                    rows.run(rows: shape[0] * shape[1], grain: TotalVariationLoss.grain) { _, range in
                        for i in range.lowerBound * width..<range.upperBound * width {
                            out[i] = share * a[i] + (1 - share) * b[i]
                        }
                    }
                }
            }
        }
        return result
    }

    /// c · other + (1 − c) · self, for pictures `[C, H, W]` and a mask c of the same H and W.
    package func blended(
        with other: Tensor,
        by mask: ReliabilityMask,
        rows: ParallelRows,
        pool: TensorPool?
    ) -> Tensor {
        precondition(
            shape == other.shape && shape[1] == mask.height && shape[2] == mask.width,
            "blending \(shape) with \(other.shape) by \(mask.tensor.shape)")
        let (height, width) = (shape[1], shape[2])
        var result = Tensor(uninitialized: shape, pool: pool)
        withFloats { own in
            other.withFloats { other in
                mask.tensor.withFloats { mask in
                    result.withMutableFloats { result in
                        nonisolated(unsafe) let (a, b, c, out) = (own, other, mask, result)
                        rows.run(rows: shape[0] * height, grain: TotalVariationLoss.grain) { _, range in
                            for row in range {
                                let shift = (row % height) * width - row * width
                                for i in row * width..<(row + 1) * width {
                                    out[i] = c[i + shift] * b[i] + (1 - c[i + shift]) * a[i]
                                }
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}
