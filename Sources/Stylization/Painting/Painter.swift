import OpticalFlow
import Tensors

/// Paints the frames of a clip one after the other; a frame without motion begins a shot, which knows nothing of what
/// was painted before. Not thread-safe.
package protocol Painter: AnyObject {
    /// Paints the next frame.
    ///
    /// - Returns: the painted frame, 0…1, of the frame's size.
    /// - Throws: `BrushflowError` of kind `content` where the frame's size cannot be painted; `CancellationError`.
    func paint(_ frame: FlowedImage) throws -> PlanarImage

    /// Forgets the shot: the next frame begins one, whatever its motion.
    func reset()

    /// The last painted frame, `[3, H, W]`, which the next one is tied to; nil at the beginning of a shot. With it, a painter
    /// of the same kind goes on as this one would.
    var memory: Tensor? { get set }

    /// What a user should know of what was painted so far, a sentence each.
    var notes: [String] { get }
}

extension Painter {
    package var notes: [String] { [] }
}
