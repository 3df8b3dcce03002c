import OpticalFlow

/// A source frame with its motion into the frame before it.
package struct FlowedFrame: Sendable {
    /// The frame.
    package let frame: SourceFrame
    /// Its flow and reliability mask, or nil on the first frame of a shot.
    package let motion: FlowedImage.Motion?
    /// Where a chunk ends with this frame within a shot: what the flow of the next one needs.
    package let memory: FlowMemory?

    package init(frame: SourceFrame, motion: FlowedImage.Motion?, memory: FlowMemory? = nil) {
        self.frame = frame
        self.motion = motion
        self.memory = memory
    }

    /// Whether the frame is the first of a shot.
    package var startsShot: Bool { motion == nil }
}
