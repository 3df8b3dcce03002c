import Media
import Tensors

/// Writes painted frames as images of a directory.
package final class DirectorySink: Sink {
    package let name = "encode"
    private let writer: ImageDirectoryWriter
    private let rotation: PixelRotation
    private let rows: ParallelRows

    /// Makes a sink around a writer; `rotation` turns the pictures upright first.
    package init(_ writer: ImageDirectoryWriter, rotation: PixelRotation, rows: ParallelRows) {
        self.writer = writer
        self.rotation = rotation
        self.rows = rows
    }

    package func accept(_ input: PaintedFrame) throws {
        try writer.write(rotation.apply(to: input.image, rows: rows), stem: input.label.stem)
    }

    package func finish() {}
}
