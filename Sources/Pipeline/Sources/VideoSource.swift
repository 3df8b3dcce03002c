import Media

/// The frames of a video file.
package final class VideoSource: Source {
    package let name = "decode"
    private let reader: VideoReader
    private var number: Int

    /// Makes a source around a reader, which nothing else may use while the pipeline runs; `done` of the frames lie behind it.
    package init(reader: VideoReader, done: Int = 0) {
        self.reader = reader
        number = done
    }

    package func next() throws -> DecodedFrame? {
        guard let frame = try reader.next() else { return nil }
        defer { if !frame.isWarmUp { number += 1 } }
        return DecodedFrame(
            .video(frame),
            label: FrameLabel(
                number: frame.isWarmUp ? nil : number, pts: frame.pts, duration: frame.duration,
                isWarmUp: frame.isWarmUp, isClean: frame.isClean))
    }
}
