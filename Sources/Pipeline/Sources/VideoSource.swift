import Media

/// The frames of a video file.
package final class VideoSource: Source {
    package let name = "decode"
    private let reader: VideoReader

    /// Makes a source around a reader, which nothing else may use while the pipeline runs.
    package init(reader: VideoReader) {
        self.reader = reader
    }

    package func next() throws -> DecodedFrame? {
        guard let frame = try reader.next() else { return nil }
        return DecodedFrame(
            .video(frame), label: FrameLabel(pts: frame.pts, duration: frame.duration, isWarmUp: frame.isWarmUp))
    }
}
