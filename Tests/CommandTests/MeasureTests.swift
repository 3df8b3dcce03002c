import Foundation
import Testing

/// `brushflow measure` as a user meets it.
@Suite struct MeasureTests {
    /// A workplace with the drawn clip at 96×54, its first shot's 24 frames, lossless.
    private func placeWithClip() throws -> Workplace {
        let place = try Workplace()
        let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
        try place.ffmpeg("-i \(clip) -an -frames:v 24 -vf scale=96:54 -c:v ffv1", to: "clip.mkv")
        return place
    }

    private func measure(_ words: String..., in place: Workplace) throws -> CommandRun {
        try CommandRun.run(CommandRun.brushflow, ["measure"] + words, in: place.url)
    }

    @Test func aClipAgainstItself() throws {
        let place = try placeWithClip()
        let run = try measure("--source", "clip.mkv", "--stylized", "clip.mkv", in: place)
        #expect(run.status == 0 && run.errors == "")
        #expect(run.output.hasPrefix("= the stylized clip is the source itself: its E_warp is the noise floor\n"))
    }

    @Test func jsonIsOneObjectOfStableKeys() throws {
        let place = try placeWithClip()
        let run = try measure("--source", "clip.mkv", "--stylized", "clip.mkv", "--json", in: place)
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        let keys = [
            "event", "frames", "cuts", "warp", "sourceWarp", "excess", "temporalRootShort", "sourceTemporalRootShort",
            "temporalRootLong", "sourceTemporalRootLong", "warpLong", "sourceWarpLong", "independentWarp",
            "independentPairs", "flickerRemoved", "sharpnessOfIndependent", "styleDistanceOfIndependent",
            "sharpnessOfSource", "sharpnessDrift", "brightnessDrift", "styleDistance", "contentDistance", "occluded",
            "unknownPixels", "worstFrames", "slips", "verdict", "perFrame", "notes", "report", "seconds",
        ]
        #expect(Set(object.keys) == Set(keys))
        #expect(object["frames"] as? Int == 24)
        #expect(object["excess"] as? Double == 0)
        #expect((object["perFrame"] as? [[String: Any]])?.count == 24)
    }

    @Test func aRampOfBrightnessIsReadOffVideos() throws {
        let place = try placeWithClip()
        // 48 of 255 levels over the clip on a source of half the range, so that nothing clips.
        try place.ffmpeg("-i clip.mkv -vf format=gbrp,lutrgb=r=val/2:g=val/2:b=val/2 -c:v ffv1", to: "half.mkv")
        let geq = "geq=r='r(X,Y)+48*N/23':g='g(X,Y)+48*N/23':b='b(X,Y)+48*N/23'"
        try place.ffmpeg("-i half.mkv -vf format=gbrp,\(geq) -c:v ffv1", to: "ramp.mkv")
        let run = try measure("--source", "half.mkv", "--stylized", "ramp.mkv", "--json", in: place)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        // Whole levels round the steps.
        #expect(abs(try #require(object["brightnessDrift"] as? Double) - 48.0 / 255) < 0.003)
        let verdict = try #require(object["verdict"] as? [[String: String]])
        #expect(verdict.first?["weight"] == "warning")
        #expect(verdict.first?["text"]?.hasPrefix("brightness drifts by +18.") == true)
    }

    @Test func aLostFrameIsNamed() throws {
        let place = try placeWithClip()
        try place.ffmpeg("-i clip.mkv -vf select=not(eq(n\\,9)),setpts=N/FRAME_RATE/TB -r 24 -c:v ffv1", to: "lost.mkv")
        let run = try measure("--source", "clip.mkv", "--stylized", "lost.mkv", in: place)
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n")
        #expect(
            lines.first
                == "! the clips differ in length: lost.mkv has 23 frames, clip.mkv has 24 frames; the first 23 are compared"
        )
        #expect(
            lines.dropFirst().first
                == "! a frame seems to be missing at frame 9: from there on the stylized clip shows the source one frame early"
        )
    }

    @Test func clipsThatDoNotGoTogether() throws {
        let place = try placeWithClip()
        try place.ffmpeg("-i clip.mkv -vf scale=64:36 -c:v ffv1", to: "small.mkv")
        try place.ffmpeg("-i clip.mkv -vf setpts=N/30/TB -r 30 -c:v ffv1", to: "fast.mkv")
        try place.ffmpeg("-i clip.mkv -frames:v 1 -c:v ffv1", to: "one.mkv")
        try place.ffmpeg("-i clip.mkv -frames:v 1", to: "a.png")
        try FileManager.default.createDirectory(atPath: place.path("empty"), withIntermediateDirectories: true)
        try place.write("", to: "empty.mp4")
        let clip = ["measure", "--source", "clip.mkv", "--stylized"]
        try expect(
            clip + ["small.mkv"], in: place, code: 65,
            "small.mkv: is 64×36, but clip.mkv is 96×54; clips that are compared must have one size")
        try expect(
            clip + ["clip.mkv", "--independent", "small.mkv"], in: place, code: 65,
            "small.mkv: is 64×36, but clip.mkv is 96×54; clips that are compared must have one size")
        try expect(
            clip + ["fast.mkv"], in: place, code: 65,
            "fast.mkv: has 30 frames a second, but clip.mkv has 24; frames are compared one with one: bring the clips to "
                + "one rate")
        try expect(
            clip + ["one.mkv"], in: place, code: 65,
            "one.mkv: has fewer than two frames in common with clip.mkv; steadiness is measured between frames")
        try expect(
            clip + ["a.png"], in: place, code: 64,
            "a.png: is one image; clips are compared: give a video or a directory of frames")
        try expect(clip + ["no.mp4"], in: place, code: 66, "no.mp4: No such file or directory")
        try expect(
            clip + ["clip.mkv", "--report", "out.pdf"], in: place, code: 64, "out.pdf: a report is written as .html")
        for empty in ["empty", "empty.mp4"] {
            let run = try measure("--source", "clip.mkv", "--stylized", empty, in: place)
            #expect(run.status == 65 && run.errors.hasPrefix("brushflow: error: \(empty): "), "\(run.errors)")
        }
    }

    @Test func truthThatDoesNotGoWithTheClip() throws {
        let place = try placeWithClip()
        for folder in ["none", "wide", "zero", "late", "twice", "eight", "unnumbered"] {
            try FileManager.default.createDirectory(atPath: place.path(folder), withIntermediateDirectories: true)
        }
        try flow(width: 64, height: 36, to: "wide/001.flo", in: place)
        for name in ["zero/0.flo", "late/024.flo", "twice/1.flo", "twice/01.flo", "unnumbered/flow.flo"] {
            try flow(width: 96, height: 54, to: name, in: place)
        }
        try place.ffmpeg("-i clip.mkv -frames:v 1 -pix_fmt rgb24", to: "eight/001.png")
        let words = ["measure", "--source", "clip.mkv", "--stylized", "clip.mkv", "--truth"]
        try expect(
            words + ["none"], in: place, code: 65, "none: holds no flow files (.flo, or 16-bit .png in KITTI's form)")
        try expect(
            words + ["missing"], in: place, code: 66, "missing: the directory of true flow cannot be read")
        try expect(words + ["wide"], in: place, code: 65, "wide/001.flo: is 64×36, but the clip is 96×54")
        try expect(
            words + ["zero"], in: place, code: 65,
            "zero/0.flo: is the flow of frame 0, which has no frame before it; number flow files by the later frame, "
                + "counted from 0")
        try expect(
            words + ["late"], in: place, code: 65,
            "late/024.flo: is the flow of frame 24, but the clip has 24 frames, 0 to 23")
        try expect(
            words + ["twice"], in: place, code: 65, "twice/1.flo: has the same number as 01.flo; keep one of them")
        try expect(
            words + ["eight"], in: place, code: 65,
            "eight/001.png: is an 8-bit picture; flow in KITTI's form has 16 bits a channel")
        try expect(
            words + ["unnumbered"], in: place, code: 65,
            "unnumbered/flow.flo: has no number; number flow files by their frame, counted from 0")
    }

    @Test func unknownTrueFlowIsLeftOutAndCounted() throws {
        let place = try placeWithClip()
        try FileManager.default.createDirectory(atPath: place.path("truth"), withIntermediateDirectories: true)
        try flow(width: 96, height: 54, unknown: 7, to: "truth/001.flo", in: place)
        try flow(width: 96, height: 54, unknown: 5, to: "truth/002.flo", in: place)
        let run = try measure("--source", "clip.mkv", "--stylized", "clip.mkv", "--truth", "truth", in: place)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("- 12 pixels of unknown true flow are left out\n"))
        #expect(run.errors == "note: truth: .flo files do not tell occluded pixels, so these count as well\n")
    }

    @Test func theDrawnClipsTruthIsTaken() throws {
        let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip").path
        let place = try Workplace()
        let run = try measure(
            "--source", "\(clip)/clip.mp4", "--stylized", "\(clip)/clip.mp4", "--truth", "\(clip)/backward", "--json",
            in: place)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(object["cuts"] as? [Int] == [36])
        // With exact flow the coded clip differs from itself moved by little (Fixtures/README.md: 1.8 of 255 levels).
        #expect(try #require(object["sourceWarp"] as? Double) < 3e-4)
        #expect(try #require(object["sourceWarpLong"] as? Double) < 5e-4)
    }

    /// A field of no motion in Middlebury's form, its first `unknown` pixels marked so.
    private func flow(width: Int, height: Int, unknown: Int = 0, to name: String, in place: Workplace) throws {
        var data = Data("PIEH".utf8)
        for side in [width, height] { withUnsafeBytes(of: Int32(side).littleEndian) { data.append(contentsOf: $0) } }
        for pixel in 0..<width * height {
            let component: Float = pixel < unknown ? 1.666e9 : 0
            for _ in 0..<2 { withUnsafeBytes(of: component.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
        }
        try data.write(to: place.url.appendingPathComponent(name))
    }
}
