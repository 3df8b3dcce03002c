import Tensors

extension Tensor {
    /// Elements per stripe of the elementwise loops.
    package static var elementGrain: Int { 16384 }

    /// Σ self · other, in Double.
    package func dot(_ other: Tensor, rows: ParallelRows) -> Double {
        precondition(shape == other.shape, "\(shape) · \(other.shape)")
        return withFloats { a in
            other.withFloats { b in
                nonisolated(unsafe) let (a, b) = (a, b)
                return rows.sum(count: a.count, grain: Self.elementGrain) { range in
                    var sum = 0.0
                    for i in range { sum += Double(a[i]) * Double(b[i]) }
                    return sum
                }
            }
        }
    }

    /// Σ self², in Double; not finite where an element is not.
    package func squaredNorm(rows: ParallelRows) -> Double { dot(self, rows: rows) }

    /// max |self|; NaN elements are passed over.
    package func largestMagnitude(rows: ParallelRows) -> Float {
        withFloats { values in
            values.reduce(Float(0)) { max($0, abs($1)) }
        }
    }

    /// self ← self + scale · other.
    package mutating func add(_ scale: Float, _ other: Tensor, rows: ParallelRows) {
        precondition(shape == other.shape, "\(shape) + \(other.shape)")
        other.withFloats { b in
            withMutableFloats { a in
                nonisolated(unsafe) let (a, b) = (a, b)
                rows.run(rows: a.count, grain: Self.elementGrain) { _, range in
                    for i in range { a[i] += scale * b[i] }
                }
            }
        }
    }

    /// self ← scale · self.
    package mutating func multiply(by scale: Float, rows: ParallelRows) {
        withMutableFloats { a in
            nonisolated(unsafe) let a = a
            rows.run(rows: a.count, grain: Self.elementGrain) { _, range in
                for i in range { a[i] *= scale }
            }
        }
    }

    /// Clamps the elements to `range`.
    package mutating func clamp(to range: ClosedRange<Float>, rows: ParallelRows) {
        withMutableFloats { a in
            nonisolated(unsafe) let a = a
            rows.run(rows: a.count, grain: Self.elementGrain) { _, elements in
                for i in elements { a[i] = max(range.lowerBound, min(range.upperBound, a[i])) }
            }
        }
    }

    /// Elements `body(self, other)`.
    package func combined(
        with other: Tensor,
        rows: ParallelRows,
        pool: TensorPool?,
        _ body: @Sendable (Float, Float) -> Float
    ) -> Tensor {
        precondition(shape == other.shape, "\(shape) with \(other.shape)")
        var result = Tensor(uninitialized: shape, pool: pool)
        withFloats { a in
            other.withFloats { b in
                result.withMutableFloats { c in
                    nonisolated(unsafe) let (a, b, c) = (a, b, c)
                    rows.run(rows: a.count, grain: Self.elementGrain) { _, range in
                        for i in range { c[i] = body(a[i], b[i]) }
                    }
                }
            }
        }
        return result
    }
}
