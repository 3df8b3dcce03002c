import Tensors

extension Tensor {
    /// A copy of some elements, `[range.count]`.
    func part(_ range: Range<Int>) -> Tensor { withFloats { Tensor([range.count], Array($0[range])) } }

    /// Replaces some elements by those of `part`.
    mutating func replace(_ range: Range<Int>, by part: Tensor) {
        precondition(part.count == range.count, "\(part.count) elements for \(range)")
        withMutableFloats { all in part.withFloats { _ = all[range].update(fromContentsOf: $0) } }
    }

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
