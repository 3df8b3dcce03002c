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
    /// Frames decoded before they are asked for: those of the warm-up, then one.
    private var upcoming: ArraySlice<DecodingPass.Decoded> = []
    private var warmUpLeft = 0
    /// The time stamp of the first frame after the segment, once it was met.
    private var end: Int64?
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
            _ = try CompletenessCheck.end(of: pass)
            throw bounds.from == nil
                ? BrushflowError(.content, "\(path): video stream \(info.video.index) has no frame that decodes")
                : SegmentBounds.startsAfterEnd(
                    options.segment?.from ?? 0, info: info,
                    seconds: pass.end.map { Double($0 - bounds.start) * info.video.timeBase.value })
        }
        if options.segment != nil { zero = anchor.pts }
        if bounds.from == nil, bounds.to == nil { try CompletenessCheck.index(of: pass) }
        describe(anchor.handle)
        if let segment = options.segment, let to = segment.to, let last = bounds.to, anchor.pts >= last {
            let part = "from \(SourceChecks.format(segment.from)) s to \(SourceChecks.format(to)) s"
            throw BrushflowError(.usage, "\(path): no frame starts in the segment \(part); make it longer")
        }
        upcoming = first[...]
        warmUpLeft = first.count - 1
    }

    /// The next frame, or nil after the last.
    ///
    /// - Throws: `.content` for damage over the limit, a change of size, or a file that ends before its header's
    ///   promise.
    package func next() throws -> VideoFrame? {
        guard let current = upcoming.popFirst() else { return nil }
        if upcoming.isEmpty { try lookAhead() }
        let following = upcoming.first?.pts ?? end
        let isWarmUp = warmUpLeft > 0
        warmUpLeft = max(warmUpLeft - 1, 0)
        return try videoFrame(
            current, duration: following.map { $0 - current.pts } ?? lastDuration(of: current), isWarmUp: isWarmUp)
    }

    /// Makes the frame with a time stamp of the output's timeline, after so many others, the next one.
    func jump(to pts: Int64, afterFrames frames: Int) throws -> Bool {
        var options = options
        options.warmUpFrames = 0
        var found = try DecodingPass(path: info.path, options: options)
        let decoded = try SegmentStart.find(&found, bounds: bounds.beginning(at: pts + zero), options: options)
        guard let frame = decoded.last, frame.pts == pts + zero else { return false }
        found.framesBefore = frames + 1 - found.framesDecoded
        pass = found
        upcoming = [frame]
        warmUpLeft = 0
        return true
    }

    /// Decodes the frame after the ones at hand, so that the duration of the one before is known.
    private func lookAhead() throws {
        if isFinished { return }
        if let frame = try pass.next() {
            if let to = bounds.to, frame.pts >= to {
                end = frame.pts
            } else {
                upcoming.append(frame)
                return
            }
        } else {
            notes += try CompletenessCheck.end(of: pass)
        }
        finish()
    }

    /// The last frame lasts until the stream's end where that and the frame's own duration agree to half a frame:
    /// in a stream with B-frames the file's last duration is that of another frame.
    private func lastDuration(of frame: DecodingPass.Decoded) -> Int64? {
        guard let duration = frame.duration else { return nil }
        let whole = pass.stream.pointee.duration
        guard (1..<(1 << 52)).contains(whole) else { return duration }
        let rest = bounds.start + whole - frame.pts
        return abs(rest - duration) <= duration / 2 ? rest : duration
    }

    private func finish() {
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

    private func videoFrame(
        _ decoded: DecodingPass.Decoded, duration: Int64?, isWarmUp: Bool
    ) throws -> VideoFrame {
        let frame = decoded.handle.pointer.pointee
        let video = info.video
        guard Int(frame.width) == video.width, Int(frame.height) == video.height else {
            let seconds = SourceChecks.format(Double(decoded.pts - bounds.start) * video.timeBase.value)
            throw BrushflowError(
                .content,
                "\(info.path): the size changes from \(video.width)x\(video.height) to \(frame.width)x\(frame.height) "
                    + "at \(seconds) s; bring it to one size first, for instance with ffmpeg -vf scale")
        }
        return VideoFrame(
            handle: decoded.handle, path: info.path, pts: decoded.pts - zero, duration: duration,
            timeBase: video.timeBase, isWarmUp: isWarmUp,
            isClean: pass.damagedPackets == 0 && pass.repairs == 0,
            color: FrameColor.resolved(frame, stream: video.color, codec: pass.codecID))
    }
}
