import OpticalFlow
import Tensors

/// Two frames of an imagined clip with their exact motion: what short-term consistency is learned from.
package struct TrainingPair: Sendable {
    /// The earlier frame, `[3, H, W]`, R G B 0…1.
    package let earlier: Tensor
    /// The later frame, of the same size.
    package let later: Tensor
    /// From the later frame into the earlier one.
    package let flow: FlowField
    /// Where the flow holds, in the coordinates of the later frame; 1 = reliable.
    package let reliability: ReliabilityMask

    /// Pairs two frames.
    package init(earlier: Tensor, later: Tensor, flow: FlowField, reliability: ReliabilityMask) {
        precondition(
            earlier.shape == later.shape && later.shape == [3, flow.height, flow.width]
                && reliability.tensor.shape == [1, flow.height, flow.width],
            "frames \(earlier.shape) and \(later.shape), flow \(flow.tensor.shape), mask \(reliability.tensor.shape)")
        self.earlier = earlier
        self.later = later
        self.flow = flow
        self.reliability = reliability
    }

    /// A picture in the earlier frame's place, `[C, H, W]`, moved to where the later frame shows the same things.
    package func moved(_ picture: Tensor, rows: ParallelRows, pool: TensorPool? = nil) -> Tensor {
        BackwardWarp.warp(picture, by: flow, .bicubic, rows: rows, pool: pool)
    }
}
