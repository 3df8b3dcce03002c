import OpticalFlow
import Tensors

/// The short-term temporal loss (Ruder, Dosovitskiy, Brox 2016): (1/D) Σ c (x − ω)², D = 3·H·W, over all
/// pixels, with ω the previous painted frame warped and c the reliability mask, 1 = reliable.
///
/// The mask multiplies the squared error of every channel by itself, so the gradient is exactly 0 where c = 0.
package struct TemporalLoss: Sendable {
    /// ω, `[3, H, W]`.
    package let warped: Tensor
    /// c, `[1, H, W]`.
    package let reliability: Tensor

    /// Ties a picture to `warped`, `[3, H, W]`, where `reliability` says so.
    package init(warped: Tensor, reliability: ReliabilityMask) {
        precondition(
            warped.shape == [3, reliability.height, reliability.width],
            "warped \(warped.shape), mask \(reliability.tensor.shape)"
        )
        self.warped = warped
        self.reliability = reliability.tensor
    }

    /// The loss of `image`, `[3, H, W]`; adds `weight` times its gradient to `gradient`.
    package func evaluate(
        _ image: Tensor,
        weight: Double,
        addingTo gradient: inout Tensor,
        rows: ParallelRows
    ) -> Double {
        precondition(image.shape == warped.shape, "image \(image.shape), warped \(warped.shape)")
        let (height, width) = (image.shape[1], image.shape[2])
        let scale = Float(2 * weight / Double(image.count))
        let sum = image.withFloats { image in
            warped.withFloats { warped in
                reliability.withFloats { reliability in
                    gradient.withMutableFloats { gradient in
                        nonisolated(unsafe) let (x, w, c, g) = (image, warped, reliability, gradient)
                        return rows.sum(count: 3 * height, grain: TotalVariationLoss.grain) { range in
                            range.reduce(0.0) { sum, row in
                                let mask = (row % height) * width - row * width
                                var part = 0.0
                                for i in row * width..<(row + 1) * width {
                                    let pull = c[i + mask] * (x[i] - w[i])
                                    part += Double(pull) * Double(x[i] - w[i])
                                    g[i] += scale * pull
                                }
                                return sum + part
                            }
                        }
                    }
                }
            }
        }
        return sum / Double(image.count)
    }
}
