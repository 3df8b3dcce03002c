/// What is known of a frame besides its picture.
package struct FrameLabel: Sendable {
    /// When it is shown, in ticks of the source's time base.
    package let pts: Int64
    /// How long it is shown, in the same ticks, where the source says so.
    package let duration: Int64?
    /// Whether it lies before the segment and only warms up the temporal state: it is painted, never written.
    package let isWarmUp: Bool
    /// The file name without its extension, where the frame was a file.
    package let stem: String?

    package init(pts: Int64, duration: Int64?, isWarmUp: Bool = false, stem: String? = nil) {
        self.pts = pts
        self.duration = duration
        self.isWarmUp = isWarmUp
        self.stem = stem
    }
}
