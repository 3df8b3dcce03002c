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
        guard let source = input.source else { preconditionFailure("a comparison without the source's picture") }
        let pair = [source, input.image].map { rotation.apply(to: $0, rows: rows) }
        var compared = input
        compared.image = ImageGrid.join(pair, columns: 2)
        compared.source = nil
        try emit(compared)
    }
}
