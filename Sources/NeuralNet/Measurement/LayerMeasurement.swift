/// One layer's time beside the least that this machine could take for it.
package struct LayerMeasurement: Sendable {
    /// What bounds a layer.
    package enum Bound: String, Sendable {
        /// Multiply-adds at the micro-kernel's speed within the first-level cache.
        case arithmetic
        /// Activations read once and written once.
        case memory
    }

    /// The layer's name in the weight file.
    package let name: String
    /// What it does, `3×3 64→64`.
    package let kind: String
    /// Columns and rows of its output.
    package let width: Int
    package let height: Int
    /// Wall time, the median, in milliseconds.
    package let milliseconds: Double
    /// GFLOP/s, counting the multiply-adds of the direct convolution twice; 0 where there are none.
    package let effectiveGigaflops: Double
    /// The least time, in milliseconds: products that are really made, or memory traffic, whichever takes longer.
    package let limit: Double
    package let bound: Bound

    /// limit / time.
    package var share: Double { milliseconds > 0 ? limit / milliseconds : 0 }
}
