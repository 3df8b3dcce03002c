import CFFmpeg
import Tensors

/// A segment in ticks of the video stream.
struct SegmentBounds {
    /// The stream's time stamp of second 0 of the clip that segments are counted from.
    let start: Int64
    /// The first time stamp inside; nil for the clip's start.
    let from: Int64?
    /// The first time stamp after; nil for the clip's end.
    let to: Int64?

    /// - Throws: `.usage` where the segment starts after the end that the header gives.
    init(_ segment: MediaSegment?, pass: DecodingPass) throws {
        let video = pass.info.video
        start = video.startPts + TimelineOrigin.ticks(of: pass.input, timeBase: video.timeBase)
        guard let segment else {
            (from, to) = (nil, nil)
            return
        }
        let first = Self.ticks(segment.from, after: start, video.timeBase)
        guard let first, video.duration.map({ segment.from < $0 || segment.from == 0 }) ?? true else {
            throw Self.startsAfterEnd(segment.from, info: pass.info, seconds: video.duration)
        }
        from = segment.from > 0 ? first : nil
        to = segment.to.flatMap { [start] in Self.ticks($0, after: start, video.timeBase) }
    }

    /// The same segment, beginning with the frame of a time stamp.
    func beginning(at pts: Int64) -> SegmentBounds { SegmentBounds(start: start, from: pts, to: to) }

    private init(start: Int64, from: Int64, to: Int64?) {
        (self.start, self.from, self.to) = (start, from, to)
    }

    /// The error of a segment after the clip's end, which is `seconds` where it is known.
    static func startsAfterEnd(_ from: Double, info: MediaInfo, seconds: Double?) -> BrushflowError {
        let length = seconds.map { "lasts \(SourceChecks.format($0)) s" } ?? "ends before that"
        return BrushflowError(
            .usage, "\(info.path): the segment starts at \(SourceChecks.format(from)) s, but the clip \(length)")
    }

    /// Nil where the time stamp would be too large.
    private static func ticks(_ seconds: Double, after start: Int64, _ timeBase: Rational) -> Int64? {
        let value = (seconds / timeBase.value).rounded()
        return value < 0x1p52 ? start + Int64(value) : nil
    }
}
