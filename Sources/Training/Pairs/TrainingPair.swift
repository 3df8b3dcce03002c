import OpticalFlow
import Stylization
import Tensors

/// Two frames of an imagined clip with their exact motion, and what the camera saw on its way to the first of them: what
/// short-term consistency is learned from.
package struct TrainingPair: Sendable {
    /// The earlier frame as it is seen from a little aside.
    package struct View: Sendable {
        /// `[3, H, W]`, R G B 0…1.
        package let frame: Tensor
        /// From a pixel of this frame to where it lies in the pair's earlier frame, in pixels to the right and down.
        package let shift: SIMD2<Float>

        /// Places a frame.
        package init(frame: Tensor, shift: SIMD2<Float>) {
            self.frame = frame
            self.shift = shift
        }
    }

    /// The earlier frame, `[3, H, W]`, R G B 0…1.
    package let earlier: Tensor
    /// The later frame, of the same size.
    package let later: Tensor
    /// From the later frame into the earlier one.
    package let flow: FlowField
    /// Where the flow holds, in the coordinates of the later frame; 1 = reliable.
    package let reliability: ReliabilityMask
    /// Frames before the earlier one, the nearest in time first.
    package let approach: [View]

    /// Pairs two frames.
    package init(
        earlier: Tensor, later: Tensor, flow: FlowField, reliability: ReliabilityMask, approach: [View] = []
    ) {
        precondition(
            earlier.shape == later.shape && later.shape == [3, flow.height, flow.width]
                && reliability.tensor.shape == [1, flow.height, flow.width]
                && approach.allSatisfy { $0.frame.shape == earlier.shape },
            "frames \(earlier.shape) and \(later.shape), flow \(flow.tensor.shape), mask \(reliability.tensor.shape)")
        self.earlier = earlier
        self.later = later
        self.flow = flow
        self.reliability = reliability
        self.approach = approach
    }

    /// The frame that lies some frames before the earlier one; where none is known, the camera stands still.
    package func view(before count: Int) -> View {
        guard count > 0, let farthest = approach.last else { return View(frame: earlier, shift: .zero) }
        return count <= approach.count ? approach[count - 1] : farthest
    }

    /// A picture in the earlier frame's place, `[C, H, W]`, moved to where the later frame shows the same things.
    package func moved(_ picture: Tensor, rows: ParallelRows, pool: TensorPool? = nil) -> Tensor {
        BackwardWarp.warp(picture, by: flow, .bicubic, rows: rows, pool: pool)
    }
}
