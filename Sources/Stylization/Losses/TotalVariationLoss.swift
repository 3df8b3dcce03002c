import Tensors

/// Squared total variation by forward differences: (1/D) Σ (x[→] − x)² + (x[↓] − x)², D = 3·H·W.
package struct TotalVariationLoss: Sendable {
    /// Rows per stripe.
    static let grain = 16

    /// Makes the loss; it has no target.
    package init() {}

    /// The loss of `image`, `[3, H, W]`; adds `weight` times its gradient to `gradient`.
    package func evaluate(
        _ image: Tensor,
        weight: Double,
        addingTo gradient: inout Tensor,
        rows: ParallelRows
    ) -> Double {
        let (height, width) = (image.shape[1], image.shape[2])
        let scale = Float(2 * weight / Double(image.count))
        let sum = image.withFloats { image in
            gradient.withMutableFloats { gradient in
                nonisolated(unsafe) let (x, g) = (image, gradient)
                return rows.sum(count: 3 * height, grain: Self.grain) { range in
                    range.reduce(0.0) { sum, row in
                        let y = row % height
                        let base = row * width
                        var part = 0.0
                        for i in base..<base + width {
                            var pull: Float = 0
                            if i > base { pull += x[i] - x[i - 1] }
                            if y > 0 { pull += x[i] - x[i - width] }
                            if i + 1 < base + width {
                                let step = x[i + 1] - x[i]
                                pull -= step
                                part += Double(step) * Double(step)
                            }
                            if y + 1 < height {
                                let step = x[i + width] - x[i]
                                pull -= step
                                part += Double(step) * Double(step)
                            }
                            g[i] += scale * pull
                        }
                        return sum + part
                    }
                }
            }
        }
        return sum / Double(image.count)
    }
}
