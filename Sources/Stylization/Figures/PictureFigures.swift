import Tensors

/// Figures to stand beside `WarpError`: a blurred or frozen clip scores perfectly on that one.
package enum PictureFigures {
    /// The gradient energy: mean over pixels and channels of the squared forward differences.
    package static func sharpness(_ image: PlanarImage, rows: ParallelRows) -> Double {
        var unused = Tensor(image.tensor.shape)
        return TotalVariationLoss().evaluate(image.tensor, weight: 0, addingTo: &unused, rows: rows)
    }

    /// The mean of all values, 0…1.
    package static func brightness(_ image: PlanarImage) -> Double {
        image.tensor.withFloats { $0.reduce(0.0) { $0 + Double($1) } } / Double(image.tensor.count)
    }
}
