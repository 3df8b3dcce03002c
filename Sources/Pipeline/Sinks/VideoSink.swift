import Media

/// Encodes painted frames into a video file, reopening the encoder at every shot and every `chunkFrames` frames
/// of a long one, so that a shot's pictures never depend on its neighbours.
package final class VideoSink: Sink {
    package let name = "encode"
    private let writer: VideoWriter
    private let chunkFrames: Int
    private var framesInChunk = 0

    /// Makes a sink around a writer, which nothing else may use.
    package init(_ writer: VideoWriter, chunkFrames: Int) {
        self.writer = writer
        self.chunkFrames = chunkFrames
    }

    package func accept(_ input: PaintedFrame) throws {
        if framesInChunk > 0, input.startsShot || framesInChunk >= chunkFrames {
            try writer.beginChunk()
            framesInChunk = 0
        }
        try writer.write(input.image, pts: input.label.pts, duration: input.label.duration)
        framesInChunk += 1
    }

    package func finish() throws { try writer.finish() }
}
