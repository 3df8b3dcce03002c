import Media
import Tensors

/// Chunks of frames that are files of their own: nothing has to be joined.
final class WrittenFrames: ChunkOutput {
    private let sink: DirectorySink
    private var contents: ChunkContents?

    init(_ sink: DirectorySink) { self.sink = sink }

    func begin(_ number: Int) { contents = nil }

    func write(_ frame: PaintedFrame) throws {
        try sink.accept(frame)
        let pts = frame.label.pts
        var chunk = contents ?? ChunkContents(frames: 0, firstPts: pts, lastPts: pts, bytes: 0, digest: "-")
        chunk.frames += 1
        chunk.lastPts = pts
        contents = chunk
    }

    func end() -> ChunkContents {
        guard let contents else { preconditionFailure("the end of an empty chunk") }
        return contents
    }

    func abandon() {}
}
