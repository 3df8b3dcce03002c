import CFFmpeg
import Tensors

/// Decodes the main video stream of a file, frame by frame in presentation order, whole or a segment of it.
///
/// Time stamps are on the output's timeline: the source's less `sourceZero`. The decoder is drained at the end: no
/// frame is lost.
package final class VideoReader {
    /// What the header and the first frame say.
    package private(set) var info: MediaInfo
    /// What a user should know of the source, a sentence each; complete after the last frame.
    package private(set) var notes: [String] = []
    /// The damaged packets skipped so far.
    package var damagedPackets: Int { pass.damagedPackets }

    /// The source's time, in seconds, that is 0 on the output's timeline: `TimelineOrigin`, or the time of a segment's
    /// first frame. Side streams of a segment take it over to stay in sync.
    package var sourceZero: Double { Double(zero) * info.video.timeBase.value }

    private var pass: DecodingPass
    private var zero: Int64
    private let options: VideoReadOptions
    private let bounds: SegmentBounds
    /// Frames that were decoded before they are asked for: the first, and those of the warm-up.
    private var ready: [VideoFrame] = []
    private var isFinished = false

    /// Opens a file and decodes its first frame.
    ///
    /// - Throws: `.input` where the file is missing or unreadable; `.content` where it is no video that can be
    ///   painted (no video stream, HDR, frames over the limit, nothing that decodes); `.usage` where the segment
    ///   starts after the clip's end.
    package init(path: String, options: VideoReadOptions = VideoReadOptions()) throws {
        self.options = options
        pass = try DecodingPass(path: path, options: options)
        info = pass.info
        bounds = try SegmentBounds(options.segment, pass: pass)
        zero = TimelineOrigin.ticks(of: pass.input, timeBase: pass.info.video.timeBase)
        let first = try SegmentStart.find(&pass, bounds: bounds, options: options)
        guard let anchor = first.last else {
            try pass.checkComplete(countsFrames: bounds.from == nil)
            throw bounds.from == nil
                ? BrushflowError(.content, "\(path): video stream \(info.video.index) has no frame that decodes")
                : SegmentBounds.startsAfterEnd(
                    options.segment?.from ?? 0, info: info,
                    seconds: pass.end.map { Double($0 - bounds.start) * info.video.timeBase.value })
        }
        if options.segment != nil { zero = anchor.pts }
        describe(anchor.handle)
        if let segment = options.segment, let to = segment.to, try isPastEnd(anchor) {
            let part = "from \(SourceChecks.format(segment.from)) s to \(SourceChecks.format(to)) s"
            throw BrushflowError(.usage, "\(path): no frame starts in the segment \(part); make it longer")
        }
        for (index, frame) in first.enumerated() {
            ready.append(try videoFrame(frame, isWarmUp: index < first.count - 1))
        }
        ready.reverse()
    }

    /// The next frame, or nil after the last.
    ///
    /// - Throws: `.content` for damage over the limit, a change of size, or a file that ends before its header's
    ///   promise.
    package func next() throws -> VideoFrame? {
        if let frame = ready.popLast() { return frame }
        if isFinished { return nil }
        guard let frame = try pass.next() else {
            try finish()
            try pass.checkComplete(countsFrames: bounds.from == nil)
            return nil
        }
        if try isPastEnd(frame) { return nil }
        return try videoFrame(frame, isWarmUp: false)
    }

    private func isPastEnd(_ frame: DecodingPass.Decoded) throws -> Bool {
        guard let to = bounds.to, frame.pts >= to else { return false }
        try finish()
        return true
    }

    private func finish() throws {
        isFinished = true
        if pass.damagedPackets > 0 {
            let count =
                pass.damagedPackets == 1 ? "1 damaged packet was" : "\(pass.damagedPackets) damaged packets were"
            notes.append("\(info.path): \(count) skipped")
        }
        if pass.repairs > 0 {
            let count = pass.repairs == 1 ? "1 time stamp was" : "\(pass.repairs) time stamps were"
            notes.append("\(info.path): \(count) missing or out of order and replaced")
        }
    }

    /// Completes the header's description by what the first frame shows.
    private func describe(_ handle: FrameHandle) {
        let frame = handle.pointer.pointee
        info.video.width = Int(frame.width)
        info.video.height = Int(frame.height)
        let format = AVPixelFormat(frame.format)
        if let name = av_get_pix_fmt_name(format) { info.video.pixelFormatName = String(cString: name) }
        if let description = av_pix_fmt_desc_get(format) {
            info.video.bitDepth = Int(description.pointee.comp.0.depth)
        }
        if frame.interlaced_frame != 0 { info.video.isInterlaced = true }
        if info.video.isInterlaced {
            notes.append(
                "\(info.path): is interlaced and is painted as whole frames; deinterlace it first, for instance with "
                    + "ffmpeg -vf bwdif")
        }
    }

    private func videoFrame(_ decoded: DecodingPass.Decoded, isWarmUp: Bool) throws -> VideoFrame {
        let frame = decoded.handle.pointer.pointee
        let video = info.video
        guard Int(frame.width) == video.width, Int(frame.height) == video.height else {
            throw BrushflowError(
                .content,
                "\(info.path): the size changes from \(video.width)x\(video.height) to \(frame.width)x\(frame.height) "
                    + "at frame \(pass.framesDecoded - 1); bring it to one size first, for instance with ffmpeg -vf scale"
            )
        }
        return VideoFrame(
            handle: decoded.handle, pts: decoded.pts - zero, duration: decoded.duration,
            timeBase: video.timeBase, isWarmUp: isWarmUp,
            color: FrameColor.resolved(frame, stream: video.color, codec: pass.codecID))
    }
}
