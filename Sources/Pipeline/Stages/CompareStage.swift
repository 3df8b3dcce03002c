import Media
import Tensors

/// Puts the source to the left of the painted picture, both upright.
package final class CompareStage: Stage {
    package let name = "compare"
    private let rotation: PixelRotation
    private let rows: ParallelRows

    /// Makes a stage that turns both pictures by `rotation`.
    package init(rotation: PixelRotation, rows: ParallelRows) {
        self.rotation = rotation
        self.rows = rows
    }

    package func process(_ input: PaintedFrame, emit: (PaintedFrame) throws -> Void) throws {
        let pair = [input.frame.image, input.image].map { rotation.apply(to: $0, rows: rows) }
        try emit(
            PaintedFrame(frame: input.frame, image: ImageGrid.join(pair, columns: 2), startsShot: input.startsShot))
    }
}
