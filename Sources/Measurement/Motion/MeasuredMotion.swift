import OpticalFlow
import Tensors

/// The flow and mask that figures are measured with.
package struct MeasuredMotion: Sendable {
    /// From the later frame into the earlier one; no component is without a number.
    package let flow: FlowField
    /// 1 = counts.
    package let mask: ReliabilityMask
    /// Pixels whose flow is not known; the mask is 0 there.
    package let unknown: Int

    /// Takes flow and mask of one size.
    package init(flow: FlowField, mask: ReliabilityMask, unknown: Int = 0) {
        precondition(flow.width == mask.width && flow.height == mask.height, "flow and mask differ in size")
        self.flow = flow
        self.mask = mask
        self.unknown = unknown
    }

    /// The share of pixels of known flow that does not count, 0…1.
    var occluded: Double {
        let known = mask.tensor.count - unknown
        guard known > 0 else { return 0 }
        let reliable = mask.tensor.withFloats { $0.reduce(0.0) { $0 + Double($1) } }
        return max(0, 1 - reliable / Double(known))
    }
}
