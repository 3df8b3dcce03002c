import Tensors

/// 3×3 filters that read a picture at twice its size, taken as filters that read it as it is: one for each of the four pixels
/// that one becomes. Taps that read the same pixel are summed; a row and a column of the nine are zero.
enum EnlargedTaps {
    /// The row or column of three, from the pixel before on, that a tap reads.
    ///
    /// - Parameter phase: 0 for the first of the two pixels that one becomes along an axis, 1 for the second.
    private static func pixel(_ tap: Int, phase: Int) -> Int { (tap + phase + 1) / 2 }

    /// `[outputs, inputs, 3, 3]` from filters of the same shape.
    static func summed(_ weight: Tensor, row: Int, column: Int) -> Tensor {
        var filters = [Float](repeating: 0, count: weight.count)
        weight.withFloats { weight in
            for (index, value) in weight.enumerated() {
                let (y, x) = (pixel(index % 9 / 3, phase: row), pixel(index % 3, phase: column))
                filters[index / 9 * 9 + y * 3 + x] += value
            }
        }
        return Tensor(weight.shape, filters)
    }
}
