import OpticalFlow
import Tensors

/// What ties a frame to the painted frame before it.
package struct PaintingTie {
    /// The previous painted frame in the place it has moved to, `[3, H, W]`, 0…1.
    package let warped: Tensor
    /// Where it can be trusted; 1 = reliable.
    package let reliability: ReliabilityMask

    /// Pairs a warped picture with its mask.
    package init(warped: Tensor, reliability: ReliabilityMask) {
        self.warped = warped
        self.reliability = reliability
    }

    /// Moves the previous painted frame to where a frame shows the same things; nil where the frame begins a shot, or
    /// nothing of its size was painted before it.
    init?(
        _ previous: Tensor?, to frame: FlowedImage, _ interpolation: StylizationConfiguration.Interpolation,
        rows: ParallelRows, pool: TensorPool?
    ) {
        guard let previous, let motion = frame.motion, previous.shape == frame.image.tensor.shape else { return nil }
        var warped = BackwardWarp.warp(
            previous, by: motion.flow, interpolation == .bicubic ? .bicubic : .bilinear, rows: rows, pool: pool)
        warped.clamp(to: 0...1, rows: rows)
        self.init(warped: warped, reliability: motion.mask)
    }
}
