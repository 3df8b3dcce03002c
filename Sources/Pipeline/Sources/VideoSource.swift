import Media
import Tensors

/// The frames of a video file.
package final class VideoSource: Source {
    package let name = "decode"
    private let reader: VideoReader
    private let converter: FrameConverter
    private let rows: ParallelRows
    private let pool: TensorPool

    /// Makes a source around a reader, which nothing else may use while the pipeline runs.
    package init(reader: VideoReader, rows: ParallelRows, pool: TensorPool) throws {
        self.reader = reader
        self.rows = rows
        self.pool = pool
        converter = FrameConverter()
    }

    package func next() throws -> SourceFrame? {
        guard let frame = try reader.next() else { return nil }
        return SourceFrame(
            image: try converter.image(from: frame, rows: rows, pool: pool), pts: frame.pts, duration: frame.duration,
            isWarmUp: frame.isWarmUp)
    }
}
