import CFFmpeg

/// One decoded picture in the decoder's pixel format.
///
/// `@unchecked Sendable`: nothing writes to the frame after the decoder has returned it.
package final class VideoFrame: @unchecked Sendable {
    let handle: FrameHandle
    /// The file that it comes from, for messages.
    package let path: String
    /// The time stamp in ticks of `timeBase` on the output's timeline: the source's, less the origin of formats whose
    /// clocks start anywhere, less the segment's start. Negative in warm-up frames.
    package let pts: Int64
    /// Ticks; nil where the file does not say.
    package let duration: Int64?
    /// Seconds per tick.
    package let timeBase: Rational
    /// Whether the frame lies before the segment and only warms up what looks back in time.
    package let isWarmUp: Bool
    /// Whether no packet was damaged and no time stamp replaced up to here, so that decoding from a key frame gives the
    /// same frames with the same time stamps.
    package let isClean: Bool
    /// The stream's colours with the matrix and range of this frame, resolved.
    package let color: ColorDescription

    init(
        handle: FrameHandle, path: String, pts: Int64, duration: Int64?, timeBase: Rational, isWarmUp: Bool,
        isClean: Bool, color: ColorDescription
    ) {
        self.handle = handle
        self.path = path
        self.pts = pts
        self.duration = duration
        self.timeBase = timeBase
        self.isWarmUp = isWarmUp
        self.isClean = isClean
        self.color = color
    }

    /// Columns.
    package var width: Int { Int(handle.pointer.pointee.width) }

    /// Rows.
    package var height: Int { Int(handle.pointer.pointee.height) }

    /// Seconds from the start of the output's timeline.
    package var seconds: Double { Double(pts) * timeBase.value }
}
