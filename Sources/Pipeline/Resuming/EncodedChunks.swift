import Media
import Tensors

/// Encodes chunks into files of a working directory, under a temporary name until they are complete.
final class EncodedChunks: ChunkOutput {
    private static let part = "chunk.part"
    private let writer: ChunkWriter
    private let directory: WorkingDirectory
    private var number = 0

    init(_ writer: ChunkWriter, in directory: WorkingDirectory) {
        self.writer = writer
        self.directory = directory
    }

    func begin(_ number: Int) throws {
        self.number = number
        try writer.begin(descriptor: directory.create(Self.part))
    }

    func write(_ frame: PaintedFrame) throws {
        try writer.write(frame.image, pts: frame.label.pts, duration: frame.label.duration)
    }

    func end() throws -> ChunkContents {
        let contents = try writer.end()
        try directory.rename(Self.part, to: RunManifest.chunkName(number))
        return contents
    }

    func abandon() {
        writer.abandon()
        directory.remove(Self.part)
    }
}
