import Foundation
import Media
import Tensors
import Testing

/// Going on after any frame gives the frames of the whole clip, whether by a jump or from the start.
@Suite(.enabled(if: Tool.isInstalled, "needs /usr/bin/ffmpeg and /usr/bin/ffprobe"))
struct VideoResumeTests {
    @Test(
        arguments: [
            "in.mp4 -c:v libx264 -bf 3 -g 12", "in.mkv -c:v libx264 -bf 3 -g 250", "in.avi -c:v mpeg4 -g 12",
            "in.ts -c:v libx264 -bf 2", "in.mkv -c:v libx265 -x265-params open-gop=1:keyint=20:log-level=none",
        ], [true, false])
    func theRestIsTheWholeClips(coding: String, jumping: Bool) throws {
        let scratch = try Scratch()
        let words = coding.split(separator: " ", maxSplits: 1).map(String.init)
        let path = scratch.path(words[0])
        try Tool.make(path, "-f lavfi -i testsrc2=size=64x48:rate=25:duration=4 -frames:v 60 \(words[1])")
        let whole = try frames(of: VideoReader(path: path))
        try #require(whole.count == 60)
        for done in [1, 13, 37, 59, 60] {
            let reader = try VideoReader(path: path)
            let last = try reader.resume(afterFrames: done, pts: whole[done - 1].pts, jumping: jumping)
            #expect(last?.pts == whole[done - 1].pts)
            let rest = try frames(of: reader)
            #expect(
                rest.map(\.pts) == whole[done...].map(\.pts) && rest.map(\.duration) == whole[done...].map(\.duration))
            #expect(rest.map(\.image) == whole[done...].map(\.image))
        }
    }

    /// A frame that is not where it was is not found: nothing else is taken for it.
    @Test(arguments: [true, false]) func anotherTimeStampIsNoFrame(jumping: Bool) throws {
        let scratch = try Scratch()
        let path = scratch.path("in.mp4")
        try Tool.make(path, "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -c:v mpeg4")
        let pts = try frames(of: VideoReader(path: path))[9].pts
        for wrong in [pts + 1, pts - 1, 1 << 40] {
            #expect(try VideoReader(path: path).resume(afterFrames: 10, pts: wrong, jumping: jumping) == nil)
        }
    }

    private func frames(of reader: VideoReader) throws -> [(pts: Int64, duration: Int64?, image: PlanarImage)] {
        let converter = FrameConverter()
        var frames: [(Int64, Int64?, PlanarImage)] = []
        while let frame = try reader.next() {
            let image = try converter.image(from: frame, rows: ParallelRows(threads: 1))
            frames.append((frame.pts, frame.duration, image))
        }
        return frames
    }
}
