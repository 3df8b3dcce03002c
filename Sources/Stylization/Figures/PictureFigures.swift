import Tensors

/// Figures to stand beside `WarpError`: a blurred or frozen clip scores perfectly on that one.
package enum PictureFigures {
    /// The gradient energy: mean over pixels and channels of the squared forward differences.
    package static func sharpness(_ image: PlanarImage, rows: ParallelRows) -> Double {
        var unused = Tensor(image.tensor.shape)
        return TotalVariationLoss().evaluate(image.tensor, weight: 0, addingTo: &unused, rows: rows)
    }

    /// The mean luma, 0…1, with BT.709's weights.
    package static func brightness(_ image: PlanarImage) -> Double {
        let count = image.width * image.height
        return image.tensor.withFloats { values in
            var sums = [0.0, 0.0, 0.0]
            for channel in 0..<3 {
                for i in channel * count..<(channel + 1) * count { sums[channel] += Double(values[i]) }
            }
            return (0.2126 * sums[0] + 0.7152 * sums[1] + 0.0722 * sums[2]) / Double(count)
        }
    }

    /// The mean absolute difference of two pictures of one size.
    package static func change(from earlier: PlanarImage, to later: PlanarImage) -> Double {
        precondition(
            earlier.tensor.shape == later.tensor.shape,
            "pictures of \(earlier.tensor.shape) and \(later.tensor.shape)")
        return earlier.tensor.withFloats { a in
            later.tensor.withFloats { b in
                var sum = 0.0
                for i in a.indices { sum += Double(abs(b[i] - a[i])) }
                return sum / Double(a.count)
            }
        }
    }
}
