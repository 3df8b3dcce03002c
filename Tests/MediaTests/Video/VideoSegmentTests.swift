import Foundation
import Media
import Tensors
import Testing

/// Segments start and end at the exact frame, whatever the distance to a key frame.
@Suite(.enabled(if: Tool.isInstalled, "needs /usr/bin/ffmpeg and /usr/bin/ffprobe"))
struct VideoSegmentTests {
    static let source = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=4"

    @Test(
        arguments: [
            "in.mp4 -c:v libx264 -bf 3 -g 12", "in.mkv -c:v libx264 -bf 3 -g 250", "in.mp4 -c:v libx265 -g 20",
            "in.avi -c:v mpeg4 -g 12", "in.ts -c:v libx264 -bf 2", "in.webm -c:v libvpx-vp9 -deadline realtime -g 30",
            "in.mkv -c:v libx265 -x265-params open-gop=1:keyint=20:log-level=none",
        ])
    func framesAreThoseOfTheWholeClip(coding: String) throws {
        let scratch = try Scratch()
        let words = coding.split(separator: " ", maxSplits: 1).map(String.init)
        let path = scratch.path(words[0])
        try Tool.make(path, "\(Self.source) -frames:v 100 \(words[1])")
        let whole = try Pictures.read(path)
        try #require(whole.count == 100)
        for (from, warmUp) in [(0, 0), (1, 0), (37, 0), (50, 2), (62, 5), (3, 5), (99, 1)] {
            let segment = try MediaSegment(from: Double(from) / 25, to: Double(from + 4) / 25)
            let options = VideoReadOptions(segment: segment, warmUpFrames: warmUp)
            let first = max(from - warmUp, 0)
            let part = try Pictures.read(path, options: options)
            #expect(part == Array(whole[first..<min(from + 4, 100)]), "from frame \(from) after \(warmUp)")
            let times = try Pictures.times(path, options: options)
            #expect(times.map(\.isWarmUp) == (first..<min(from + 4, 100)).map { $0 < from })
            #expect(times.first { !$0.isWarmUp }?.pts == 0)
        }
    }

    @Test func segmentsOutsideTheClipAreRefused() throws {
        let scratch = try Scratch()
        for name in ["in.mp4", "in.mkv", "in.avi"] {
            let path = scratch.path(name)
            try Tool.make(path, "\(Self.source) -frames:v 50 -c:v mpeg4")
            let error = #expect(throws: BrushflowError.self) {
                _ = try VideoReader(path: path, options: VideoReadOptions(segment: try MediaSegment(from: 99)))
            }
            #expect(error == BrushflowError(.usage, "\(path): the segment starts at 99 s, but the clip lasts 2 s"))
        }
        let path = scratch.path("in.mp4")
        let error = #expect(throws: BrushflowError.self) {
            let segment = try MediaSegment(from: 0.05, to: 0.07)
            _ = try VideoReader(path: path, options: VideoReadOptions(segment: segment))
        }
        #expect(
            error
                == BrushflowError(
                    .usage, "\(path): no frame starts in the segment from 0.05 s to 0.07 s; make it longer"))
    }

    @Test func endsOfNoDurationClipsAreFoundByReading() throws {
        let scratch = try Scratch()
        let path = scratch.path("in.mkv")
        // Matroska written to a pipe has no duration in its header.
        let quiet = "-v error \(Self.source) -frames:v 50 -c:v libx264 -f matroska -".split(separator: " ")
        let shell = "ffmpeg \(quiet.joined(separator: " ")) > \(path)"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", shell]
        try process.run()
        process.waitUntilExit()
        let reader = try VideoReader(path: path)
        #expect(reader.info.duration == nil)
        #expect(reader.info.video.frameCount == nil)
        let error = #expect(throws: BrushflowError.self) {
            _ = try VideoReader(path: path, options: VideoReadOptions(segment: try MediaSegment(from: 99)))
        }
        #expect(error == BrushflowError(.usage, "\(path): the segment starts at 99 s, but the clip lasts 2 s"))
    }

    @Test func aLateFirstFrameShiftsTheTimeline() throws {
        let scratch = try Scratch()
        let path = scratch.path("in.mp4")
        try Tool.make(path, "\(Self.source) -frames:v 50 -c:v libx264 -output_ts_offset 0.4")
        let segment = try MediaSegment(from: 0.5)
        let reader = try VideoReader(path: path, options: VideoReadOptions(segment: segment))
        // 0.5 s after the stream's start lies between two frames; the next one is at 0.52 s.
        #expect(try reader.next()?.pts == 0)
        #expect(abs(reader.sourceZero - 0.92) < 1e-9)
    }
}
