import NeuralNet
import OpticalFlow
import Tensors

/// Figures of steadiness. A blurred or frozen clip scores perfectly on the warping error, so report it only
/// beside the sharpness, the brightness and a style distance.
package enum TemporalFigures {
    /// E_warp of one pair of frames (Lai 2018): Σ m (V_t − warp(V_{t−1}))² / Σ m over pixels × 3 channels.
    ///
    /// - Parameters:
    ///   - current: V_t, 0…1.
    ///   - previous: V_{t−1}.
    ///   - motion: from t into t−1; the mask is m, 1 = reliable. Sampling is bilinear.
    package static func warpingError(
        _ current: PlanarImage,
        after previous: PlanarImage,
        motion: FlowedImage.Motion,
        rows: ParallelRows,
        pool: TensorPool? = nil
    ) -> Double {
        let warped = BackwardWarp.warp(
            previous.tensor, by: motion.flow, interpolation: .bilinear, rows: rows, pool: pool)
        var unused = Tensor(warped.shape, pool: pool)
        let total = TemporalLoss(warped: warped, reliability: motion.mask)
            .evaluate(current.tensor, weight: 0, addingTo: &unused, rows: rows)
        let reliable = motion.mask.tensor.withFloats { $0.reduce(0.0) { $0 + Double($1) } }
        return reliable > 0 ? total * Double(motion.mask.tensor.count) / reliable : 0
    }

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
