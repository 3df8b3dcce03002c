import OpticalFlow
import Tensors

/// What the painting of a frame reads of the frames before it.
package struct PaintingMemory: Sendable {
    /// The flow stage's.
    package let flow: FlowMemory
    /// The last painted frame, `[3, H, W]`; nil where frames are painted unpainted by settings that keep none.
    package let painted: Tensor?
    /// What the user should know of what was painted so far.
    package let notes: [String]

    package init(flow: FlowMemory, painted: Tensor?, notes: [String] = []) {
        self.flow = flow
        self.painted = painted
        self.notes = notes
    }
}
