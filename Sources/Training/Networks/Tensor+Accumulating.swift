import Tensors

extension Tensor {
    /// Adds `scale` times some elements of `other` to those from `position` on.
    mutating func accumulate(_ other: Tensor, _ range: Range<Int>, at position: Int, scale: Float, rows: ParallelRows) {
        precondition(position + range.count <= count && range.upperBound <= other.count, "\(range) at \(position)")
        withMutableFloats { sums in
            other.withFloats { other in
                nonisolated(unsafe) let (sums, other) = (sums, other)
                rows.run(rows: range.count, grain: 1 << 14) { _, part in
                    for index in part { sums[position + index] += scale * other[range.lowerBound + index] }
                }
            }
        }
    }
}
