import Foundation
import Testing

/// A segment is painted as the whole run paints it, and nothing crosses a cut.
@Suite struct SegmentTests {
    private let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
    private let quick = ["--set", "stylize.steps=4,2", "--set", "stylize.nextSteps=0,2", "--codec", "ffv1"]

    @Test func theSecondShotAloneEqualsTheWholeRunBitForBit() throws {
        let place = try Workplace()
        let words = ["stylize", clip, "--style", "woodblock"] + quick
        let whole = try CommandRun.run(CommandRun.brushflow, words + ["-o", "whole.mkv"], in: place.url)
        #expect(whole.status == 0, "\(whole.errors)")
        // The cut lies before frame 36: at 1.5 s of 24 frames a second.
        let part = try CommandRun.run(
            CommandRun.brushflow,
            ["preview", clip, "--style", "woodblock", "--from", "1.5", "--duration", "0.5", "-o", "part.mkv"] + quick,
            in: place.url)
        #expect(part.status == 0, "\(part.errors)")
        #expect(part.output.contains("the full run: about "))
        // Without a warm-up there is no frame of the first shot at all.
        let alone = try CommandRun.run(
            CommandRun.brushflow,
            words + ["--from", "1.5", "--duration", "0.5", "-o", "alone.mkv", "--set", "temporal.warmUp=0"],
            in: place.url)
        #expect(alone.status == 0, "\(alone.errors)")
        let frames = try place.frameChecksums("whole.mkv")
        #expect(frames.count == 60)
        #expect(try place.frameChecksums("part.mkv") == Array(frames[36..<48]))
        #expect(try place.frameChecksums("alone.mkv") == Array(frames[36..<48]))
    }

    @Test func aSegmentTakesItsAudioAlong() throws {
        let place = try Workplace()
        let run = try CommandRun.run(
            CommandRun.brushflow,
            [
                "stylize", clip, "--style", "swirl", "-o", "out.mp4", "--from", "0:01", "--to", "00:00:02", "--set",
                "stylize.steps=0",
            ],
            in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try place.probe("out.mp4", "stream=nb_frames,duration") == "duration=1.000000\nnb_frames=24\n")
        let audio = try place.probe("out.mp4", "stream=duration", stream: "a:0").split(separator: "=").last ?? ""
        let seconds = try #require(Double(audio.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(abs(seconds - 1) < 0.03)
    }

    @Test func aContactSheetAndAComparison() throws {
        let place = try Workplace()
        let words = ["preview", clip, "--style", "swirl", "--from", "0", "--duration", "0.5", "--compare"]
        let more = ["--set", "stylize.steps=2", "--set", "stylize.nextSteps=1"]
        let sheet = try CommandRun.run(CommandRun.brushflow, words + more + ["-o", "sheet.png"], in: place.url)
        #expect(sheet.status == 0, "\(sheet.errors)")
        // Twelve frames, each 512×144 with its source beside it, in two columns.
        #expect(try place.probe("sheet.png", "stream=width,height") == "width=1024\nheight=864\n")
        let video = try CommandRun.run(CommandRun.brushflow, words + more + ["-o", "pair.mp4"], in: place.url)
        #expect(video.status == 0, "\(video.errors)")
        #expect(try place.probe("pair.mp4", "stream=width,height,nb_frames") == "width=512\nheight=144\nnb_frames=12\n")
    }
}
