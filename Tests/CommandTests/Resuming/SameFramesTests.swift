import Foundation
import Testing

/// A clip of three shots is painted to the same frames however that is done: on one thread or on two, in one go or stopped
/// twice, and shot by shot.
@Suite struct SameFramesTests {
    private static let frames = 72
    /// 24 frames each, at 25 a second.
    private static let shots = [0..<24, 24..<48, 48..<72]
    /// Two chunks of 12 frames a shot.
    private static let words = [
        "--style", "swirl", "--set", "stylize.steps=4,2", "--set", "stylize.nextSteps=0,2", "--set",
        "encode.chunkFrames=16", "--seed", "3", "--json",
    ]
    private static let pictures =
        "-f lavfi -i mandelbrot=s=48x36:r=25 -f lavfi -i testsrc2=s=48x36:r=25 -f lavfi -i sine -filter_complex "
        + "[0:v]trim=end_frame=24[a];[1:v]trim=end_frame=24[b];[0:v]trim=start_frame=60:end_frame=84,"
        + "setpts=PTS-STARTPTS,negate[c];[a][b][c]concat=n=3[v] -map [v] -map 2:a -t 2.88"

    private func place() throws -> StoppedRun { try StoppedRun(pictures: Self.pictures, words: Self.words) }

    /// Stopped within the first shot's second chunk or later, and within the second shot or later; then to the end.
    private func runInThree(_ run: StoppedRun, _ output: String) throws {
        for frames in [12, 36] {
            _ = try run.stop(output, by: SIGKILL, atFrames: frames)
            #expect(!run.place.names.contains(output) || output.hasSuffix("/"))
        }
        let rest = try run.run(output)
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(try #require(Int(StoppedRun.member("framesBefore", of: rest))) >= 36)
        #expect(try StoppedRun.member("frames", of: rest) == "\(Self.frames)")
    }

    private func seconds(_ frame: Int) -> String { String(format: "%.2f", Double(frame) / 25) }

    @Test func losslessVideo() throws {
        let run = try place()
        let whole = try run.run("one.mkv", "--codec", "ffv1", "--threads", "1")
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(try run.run("two.mkv", "--codec", "ffv1", "--threads", "2").status == 0)
        #expect(try run.bytes("two.mkv") == run.bytes("one.mkv"))
        let lossless = try StoppedRun(pictures: Self.pictures, words: Self.words + ["--codec", "ffv1"])
        try runInThree(lossless, "three.mkv")
        #expect(try lossless.bytes("three.mkv") == run.bytes("one.mkv"))
        let frames = try run.place.frameChecksums("one.mkv")
        #expect(frames.count == Self.frames && Set(frames).count > 60)
        for shot in Self.shots {
            let words = ["--from", seconds(shot.lowerBound), "--to", seconds(shot.upperBound), "--codec", "ffv1"]
            let part = try CommandRun.run(
                CommandRun.brushflow, ["preview", "clip.mp4", "-o", "shot\(shot.lowerBound).mkv"] + words + Self.words,
                in: run.place.url)
            #expect(part.status == 0, "\(part.errors)")
            #expect(try run.place.frameChecksums("shot\(shot.lowerBound).mkv") == Array(frames[shot]), "\(shot)")
        }
    }

    @Test func pictures() throws {
        let run = try place()
        #expect(try run.run("one/", "--threads", "1").status == 0)
        #expect(try run.run("two/", "--threads", "2").status == 0)
        try runInThree(run, "three/")
        func pictures(_ folder: String) throws -> [Data] {
            let names = try FileManager.default.contentsOfDirectory(atPath: run.place.path(folder)).sorted()
            return try names.map { try run.bytes("\(folder)/\($0)") }
        }
        let frames = try pictures("one")
        #expect(frames.count == Self.frames)
        #expect(try pictures("two") == frames)
        #expect(try pictures("three") == frames)
        for (number, shot) in Self.shots.enumerated() {
            let part = try run.run(
                "shot\(number)/", "--from", seconds(shot.lowerBound), "--to", seconds(shot.upperBound))
            #expect(part.status == 0, "\(part.errors)")
            #expect(try pictures("shot\(number)") == Array(frames[shot]), "\(shot)")
        }
    }

    @Test func lossyVideo() throws {
        let run = try place()
        #expect(try run.run("one.mp4", "--threads", "1").status == 0)
        try runInThree(run, "three.mp4")
        #expect(try run.bytes("three.mp4") == run.bytes("one.mp4"))
        let frames = try run.place.frameChecksums("three.mp4")
        #expect(try frames == run.place.frameChecksums("one.mp4") && frames.count == Self.frames)
    }
}
