import Tensors

extension VideoReader {
    /// Goes on after a frame that an earlier run was done with; before the first `next()`.
    ///
    /// - Parameters:
    ///   - frames: up to and including that frame, warm-up aside.
    ///   - pts: its time stamp as `VideoFrame` gave it.
    ///   - jumping: whether to decode from a key frame near it, which gives the same frames where all before it was clean,
    ///     or from the start, which always does.
    /// - Returns: that frame; nil where it was not found in this way.
    /// - Throws: as `next()`.
    package func resume(afterFrames frames: Int, pts: Int64, jumping: Bool) throws -> VideoFrame? {
        if jumping {
            guard try jump(to: pts, afterFrames: frames - 1) else { return nil }
            return try next()
        }
        var last: VideoFrame?
        var count = 0
        while count < frames, let frame = try next() {
            if !frame.isWarmUp { count += 1 }
            last = frame
        }
        return count == frames && last?.pts == pts ? last : nil
    }
}
