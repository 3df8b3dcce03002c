import Foundation
import Media
import Tensors
import Testing

/// Sources that change on the way, start anywhere, or were damaged at random.
@Suite(.enabled(if: Tool.isInstalled, "needs /usr/bin/ffmpeg and /usr/bin/ffprobe"))
struct VideoOddSourceTests {
    static let source = "-f lavfi -i testsrc2=size=128x72:rate=25:duration=4,gblur=sigma=2"

    @Test func aTransportStreamStartsAtZero() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.ts"), scratch.path("out.mp4"))
        try Tool.make(input, "\(Self.source) -frames:v 20 -c:v libx264 -bf 2")
        try Carry.run(input, to: output)
        let (before, after) = (try Probe(input), try Probe(output))
        let first = try #require(before.pts.first)
        #expect(first > 0)
        #expect(after.microseconds == before.pts.map { Int((Double($0 - first) / 0.09).rounded()) })
        #expect(after["avg_frame_rate"] == "25/1")
    }

    /// AVI stores no presentation times: those of frames out of order are counted up.
    @Test func presentationTimesThatAreMissingAreCountedUp() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.avi"), scratch.path("out.mp4"))
        try Tool.make(input, "\(Self.source) -frames:v 20 -c:v mpeg4 -bf 2")
        let result = try Carry.run(input, to: output)
        #expect(result.frames == 20)
        #expect(try Probe(output).milliseconds == (1...20).map { 40 * $0 })
        #expect(result.notes == ["\(input): 1 time stamp was missing or out of order and replaced"])
    }

    @Test(arguments: VideoCodec.allCases) func fullRangeIsWrittenOrConverted(codec: VideoCodec) throws {
        let scratch = try Scratch()
        let container = codec.containers[0]
        let (input, output) = (scratch.path("in.mp4"), scratch.path("out.\(container.rawValue)"))
        try Tool.make(
            input,
            "\(Self.source) -vf scale=out_range=full:out_color_matrix=bt709 -frames:v 3 -c:v libx264 "
                + "-color_range pc -colorspace bt709")
        try Carry.run(input, to: output, codec: codec, preset: codec == .av1 ? "12" : nil)
        #expect(try Probe(output)["color_range"] == (codec == .prores ? "tv" : "pc"))
        #expect(try PictureDistance.between(input, output) > 33)
    }

    @Test func aChangeOfSizeIsRefused() throws {
        let scratch = try Scratch()
        let path = scratch.path("in.ts")
        var data = Data()
        for size in ["128x72", "160x90"] {
            try Tool.make(
                scratch.path("part.ts"), "-f lavfi -i testsrc2=size=\(size):rate=25 -frames:v 10 -c:v mpeg2video")
            data += try Data(contentsOf: URL(fileURLWithPath: scratch.path("part.ts")))
        }
        try data.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: BrushflowError.self) { try Carry.run(path, to: scratch.path("out.mp4")) }
        #expect(error?.kind == .content)
        let message = error?.message ?? ""
        #expect(message.hasPrefix("\(path): the size changes from 128x72 to 160x90 at "), "\(message)")
        #expect(message.hasSuffix(" s; bring it to one size first, for instance with ffmpeg -vf scale"), "\(message)")
        #expect(scratch.names == ["in.ts", "part.ts"])
    }

    @Test func aChangeOfPixelFormatIsConverted() throws {
        let scratch = try Scratch()
        let path = scratch.path("in.m2v")
        var data = Data()
        for format in ["yuv420p", "yuv422p"] {
            try Tool.make(scratch.path("part.m2v"), "\(Self.source) -frames:v 10 -pix_fmt \(format) -c:v mpeg2video")
            data += try Data(contentsOf: URL(fileURLWithPath: scratch.path("part.m2v")))
        }
        try data.write(to: URL(fileURLWithPath: path))
        let result = try Carry.run(path, to: scratch.path("out.mp4"))
        #expect(result.frames == 20)
    }

    @Test func anEncoderThatRefusesASizeSaysSo() throws {
        let scratch = try Scratch()
        let path = scratch.path("out.mp4")
        let description = OutputVideoDescription(width: 1, height: 40, timeBase: Rational(1, 25))
        let error = #expect(throws: BrushflowError.self) {
            _ = try VideoWriter(
                path: path, description: description, settings: try EncoderSettings(container: .mp4))
        }
        #expect(error == BrushflowError(.content, "\(path): h264 cannot hold pictures of 1x40"))
        let small = #expect(throws: BrushflowError.self) {
            _ = try VideoWriter(
                path: path, description: OutputVideoDescription(width: 32, height: 32, timeBase: Rational(1, 25)),
                settings: try EncoderSettings(codec: .av1, container: .mp4))
        }
        #expect(small?.kind == .content)
        #expect(small?.message.hasPrefix("\(path): cannot encode 32x32 as av1: avcodec_open2: ") == true)
        #expect(scratch.names == [])
    }

    /// Bytes changed at random, seeded: reading and writing end, with frames or with an error, and never with a trap.
    @Test(arguments: ["in.mp4 -c:v libx264", "in.mkv -c:v libx264", "in.avi -c:v mpeg4", "in.webm -c:v libvpx"])
    func damageAnywhereEndsInFramesOrAnError(coding: String) throws {
        let scratch = try Scratch()
        let words = coding.split(separator: " ", maxSplits: 1).map(String.init)
        try Tool.make(
            scratch.path("whole.\(words[0])"), "-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 12 \(words[1])")
        let whole = try Data(contentsOf: URL(fileURLWithPath: scratch.path("whole.\(words[0])")))
        let damaged = scratch.path(words[0])
        var state: UInt32 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int(state >> 8) % bound
        }
        var outcomes = (frames: 0, errors: 0)
        for round in 0..<Self.rounds {
            var data = whole
            for _ in 0..<(1 + round % 12) {
                // Half of the damage to the first and last kilobyte, where headers are.
                let place = random(3)
                let edge = random(min(1024, data.count))
                let index = place == 0 ? edge : place == 1 ? data.count - 1 - edge : random(data.count)
                data[index] = UInt8(random(256))
            }
            try data.write(to: URL(fileURLWithPath: damaged))
            do {
                let segment = round % 3 == 0 ? try MediaSegment(from: 0.2) : nil
                let options = VideoReadOptions(segment: segment, warmUpFrames: round % 2, maximumPixels: 1 << 22)
                outcomes.frames +=
                    round % 4 == 0
                    ? try Carry.run(damaged, to: scratch.path("out.mp4"), options: options, overwrite: true).frames
                    : try Pictures.read(damaged, options: options).count
            } catch is BrushflowError {
                outcomes.errors += 1
            }
        }
        #expect(outcomes.frames > 0)
        #expect(outcomes.errors > 0)
    }

    private static let rounds = ProcessInfo.processInfo.environment["BRUSHFLOW_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 40
}
