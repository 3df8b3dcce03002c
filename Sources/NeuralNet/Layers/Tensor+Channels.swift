import Tensors

extension Tensor {
    /// A copy of some channels of `[C, …]`.
    func channels(_ range: Range<Int>) -> Tensor {
        let size = count / max(shape[0], 1)
        var part = Tensor(uninitialized: Shape([range.count] + shape.dimensions.dropFirst()))
        part.withMutableFloats { part in
            withFloats { all in
                _ = part.update(from: all[range.lowerBound * size..<range.upperBound * size])
            }
        }
        return part
    }

    /// Channels of several tensors `[C, …]`, one after the other.
    init(concatenating parts: [Tensor], pool: TensorPool?) {
        let channels = parts.reduce(0) { $0 + $1.shape[0] }
        self.init(uninitialized: Shape([channels] + (parts.first?.shape.dimensions.dropFirst() ?? [])), pool: pool)
        withMutableFloats { all in
            var at = 0
            for part in parts {
                part.withFloats { part in
                    _ = UnsafeMutableBufferPointer(rebasing: all[at..<at + part.count]).update(from: part)
                    at += part.count
                }
            }
        }
    }
}
