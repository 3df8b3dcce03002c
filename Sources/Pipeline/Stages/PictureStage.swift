import Media
import Tensors

/// Turns decoded frames into pictures. Runs in the loop of the stage that first looks at them, behind the queue.
package final class PictureStage: Stage {
    package let name: String
    private let converter = FrameConverter()
    private let rows: ParallelRows
    private let pool: TensorPool

    /// Makes a stage that goes by the name of the one that it runs with.
    package init(name: String, rows: ParallelRows, pool: TensorPool) {
        self.name = name
        self.rows = rows
        self.pool = pool
    }

    package func process(_ input: DecodedFrame, emit: (SourceFrame) throws -> Void) throws {
        try emit(frame(input))
    }

    /// The frame with its picture.
    ///
    /// - Throws: `.content` where the frame's pixel format or colour matrix is one that cannot be read.
    package func frame(_ decoded: DecodedFrame) throws -> SourceFrame {
        let image =
            switch decoded.content {
            case .video(let frame): try converter.image(from: frame, rows: rows, pool: pool)
            case .image(let image): image
            }
        return SourceFrame(image: image, label: decoded.label)
    }
}
