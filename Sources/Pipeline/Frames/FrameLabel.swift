/// What is known of a frame besides its picture.
package struct FrameLabel: Sendable {
    /// Its place among the frames that are written, from 0; nil for warm-up frames.
    package let number: Int?
    /// When it is shown, in ticks of the source's time base.
    package let pts: Int64
    /// How long it is shown, in the same ticks, where the source says so.
    package let duration: Int64?
    /// Whether it lies before the segment and only warms up the temporal state: it is painted, never written.
    package let isWarmUp: Bool
    /// Whether the source can be entered near this frame and gives the same frames (see `VideoFrame.isClean`).
    package let isClean: Bool
    /// The file name without its extension, where the frame was a file.
    package let stem: String?

    package init(
        number: Int? = nil, pts: Int64, duration: Int64?, isWarmUp: Bool = false, isClean: Bool = true,
        stem: String? = nil
    ) {
        self.number = number
        self.pts = pts
        self.duration = duration
        self.isWarmUp = isWarmUp
        self.isClean = isClean
        self.stem = stem
    }
}
