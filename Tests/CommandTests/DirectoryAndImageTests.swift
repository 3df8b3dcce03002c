import Foundation
import Testing

/// Directories of frames, single images, `encode`, `flow`, `styles`, `settings` and plans.
@Suite struct DirectoryAndImageTests {
    private let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
    /// The learned styles that ship.
    static let learned: [Substring] = [
        "starry-night", "great-wave", "the-scream", "composition-vii", "woman-with-a-hat", "san-giorgio-maggiore",
        "udnie",
        "shipwreck-of-the-minotaur", "bedroom-in-arles", "starry-night-over-the-rhone", "dance-foyer", "metzinger",
    ]

    @Test func framesBecomePaintedFramesAndAVideoWithAudio() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("frames"), withIntermediateDirectories: true)
        try place.ffmpeg("-i \(clip) -frames:v 12", to: "frames/f%d.png")
        let painted = try CommandRun.brushflow(
            "stylize", "frames", "-o", "painted/", "--style", "hatching", "--set", "stylize.steps=2", "--set",
            "stylize.nextSteps=1", in: place.url)
        #expect(painted.status == 0, "\(painted.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path("painted"))
        #expect(Set(names) == Set((1...12).map { "f\($0).png" }))
        let encoded = try CommandRun.brushflow(
            "encode", "painted", "-o", "out.mp4", "--fps", "24", "--audio-from", clip, in: place.url)
        #expect(encoded.status == 0, "\(encoded.errors)")
        #expect(
            try place.probe("out.mp4", "stream=codec_name,r_frame_rate,nb_frames")
                == "codec_name=h264\nr_frame_rate=24/1\nnb_frames=12\n")
        #expect(try place.probe("out.mp4", "stream=codec_name", stream: "a:0") == "codec_name=aac\n")
    }

    /// More seconds than whole numbers count are as many as there are.
    @Test(arguments: ["--to", "--duration"]) func aSegmentMayEndLongAfterTheFrames(flag: String) throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("frames"), withIntermediateDirectories: true)
        try place.ffmpeg("-i \(clip) -vf scale=64:36 -frames:v 3", to: "frames/f%d.png")
        let run = try CommandRun.brushflow(
            "stylize", "frames", "-o", "painted/", "--style", "swirl", "--set", "stylize.steps=0", flag,
            "99999999999999999999999", in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path("painted")).count == 3)
    }

    @Test func videoBecomesFrames() throws {
        let place = try Workplace()
        let run = try CommandRun.brushflow(
            "stylize", clip, "-o", "frames/", "--style", "swirl", "--set", "stylize.steps=0", "--duration", "0.25",
            in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.path("frames")).sorted()
                == (1...6).map { String(format: "%06d.png", $0) })
    }

    @Test func oneImage() throws {
        let place = try Workplace()
        try place.ffmpeg("-i \(clip) -frames:v 1", to: "photo.png")
        let run = try CommandRun.brushflow(
            "stylize", "photo.png", "-o", "painted.jpg", "--style", "stained-glass", "--set", "stylize.steps=4",
            in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try place.probe("painted.jpg", "stream=codec_name,width,height")
                == "codec_name=mjpeg\nwidth=256\nheight=144\n")
        let again = try CommandRun.brushflow(
            "stylize", "photo.png", "-o", "painted.jpg", "--style", "swirl", in: place.url)
        #expect(again.status == 73)
    }

    @Test func flowIsWrittenAndMeasured() throws {
        let place = try Workplace()
        try place.ffmpeg("-i \(clip) -frames:v 2", to: "f%d.png")
        let made = try CommandRun.brushflow("flow", "f1.png", "f2.png", "-o", "a.flo", in: place.url)
        #expect(made.status == 0, "\(made.errors)")
        let measured = try CommandRun.brushflow(
            "flow", "f1.png", "f2.png", "-o", "a.png", "--truth", "a.flo", in: place.url)
        #expect(measured.output == "end-point error: 0.0000 pixels\n")
        #expect(try place.probe("a.png", "stream=width,height") == "width=256\nheight=144\n")
        try place.ffmpeg("-i f2.png -vf scale=128:72", to: "small.png")
        let sizes = try CommandRun.brushflow("flow", "f1.png", "small.png", "-o", "b.flo", in: place.url)
        #expect(sizes.status == 65)
        #expect(
            sizes.errors
                == "brushflow: error: small.png: is 128×72, but f1.png is 256×144; flow needs two images of one size\n")
        let name = try CommandRun.brushflow("flow", "f1.png", "f2.png", "-o", "b.mp4", in: place.url)
        #expect(name.status == 64)
        #expect(name.errors == "brushflow: error: b.mp4: a flow is written as .flo, or as .png for its picture\n")
    }

    @Test func stylesAndSettingsAreListed() throws {
        let place = try Workplace()
        let styles = try CommandRun.brushflow("styles", in: place.url).output.split(separator: "\n")
        #expect(
            styles.compactMap { $0.split(separator: " ").first }
                == Self.learned + ["swirl", "woodblock", "stained-glass", "hatching", "pointillist"])
        let settings = try CommandRun.brushflow("settings", "--pipeline", "draft", in: place.url).output
        #expect(settings.contains("temporal.weight="))
        #expect(settings.contains("style.statistics=gram\n"))
    }

    @Test func aDryRunPlansAndWritesNothing() throws {
        let place = try Workplace()
        let run = try CommandRun.brushflow(
            "stylize", clip, "-o", "out.mp4", "--style", "swirl", "--dry-run", "--pipeline", "draft", in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("60 frames of 256×144 at 24/1 a second; at most "))
        #expect(run.output.contains("expected: about "))
        #expect(place.names == [])
        let json = try CommandRun.brushflow(
            "stylize", clip, "-o", "out.mp4", "--style", "swirl", "--dry-run", "--json", "--pipeline", "draft",
            in: place.url)
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(object?["frames"] as? Int == 60)
        #expect(object?["secondsPerFrame"] is Double)
    }

    @Test func jsonIsOneObjectALine() throws {
        let place = try Workplace()
        let run = try CommandRun.brushflow(
            "stylize", clip, "-o", "o\"ut.mp4", "--style", "swirl", "--set", "stylize.steps=0", "--json", in: place.url)
        let events = try run.output.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(events.first??["event"] as? String == "plan")
        #expect(events.last??["event"] as? String == "done")
        #expect(events.last??["frames"] as? Int == 60)
        #expect(place.names == ["o\"ut.mp4"])
    }
}
