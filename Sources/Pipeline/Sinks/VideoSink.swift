import Media

/// Encodes painted frames into a video file, reopening the encoder at every chunk (`ChunkRule`), so that a shot's pictures
/// never depend on its neighbours.
package final class VideoSink: Sink {
    package let name = "encode"
    private let writer: VideoWriter
    private var rule: ChunkRule

    /// Makes a sink around a writer, which nothing else may use.
    package init(_ writer: VideoWriter, chunkFrames: Int) {
        self.writer = writer
        rule = ChunkRule(work: chunkFrames)
    }

    package func accept(_ input: PaintedFrame) throws {
        if rule.place(startsShot: input.startsShot).begins { try writer.beginChunk() }
        try writer.write(input.image, pts: input.label.pts, duration: input.label.duration)
    }

    package func finish() throws { try writer.finish() }
}
