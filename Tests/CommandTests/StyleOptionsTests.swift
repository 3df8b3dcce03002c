import Foundation
import Testing

/// Learned styles, engines, blends and strength on the command line.
@Suite struct StyleOptionsTests {
    private let bay = CommandRun.repository.appendingPathComponent("Fixtures/preview/bay.jpg").path

    private func paint(_ words: String..., in place: Workplace, to output: String) throws -> Data {
        let small = ["--set", "stylize.steps=2", "--set", "stylize.nextSteps=2"]
        let run = try CommandRun.run(
            CommandRun.brushflow, ["stylize", "small.png", "-o", output] + words + small, in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        return try Data(contentsOf: place.url.appendingPathComponent(output))
    }

    @Test func learnedStylesAreListedWithTheirPainters() throws {
        let place = try Workplace()
        let listed = try CommandRun.brushflow("styles", in: place.url).output
        #expect(listed.contains("the-scream                   learned  Edvard Munch, The Scream, 1893\n"))
        #expect(listed.contains("swirl                        drawn    impasto strokes"))
        let json = try CommandRun.brushflow("styles", "--json", in: place.url).output
        #expect(json.contains("\"name\":\"the-scream\",\"kind\":\"learned\""))
    }

    @Test func enginesBlendsAndStrengthChangeThePicture() throws {
        let place = try Workplace()
        try place.ffmpeg("-i \(bay) -vf scale=96:64", to: "small.png")
        let night = try paint("--style", "starry-night", in: place, to: "a.png")
        #expect(try paint("--style", "starry-night", "--engine", "network", in: place, to: "b.png") == night)
        #expect(try paint("--style", "starry-night", "--engine", "optimize", in: place, to: "c.png") != night)
        let mixture = ["--style", "starry-night:0.7", "--style", "great-wave:0.3"]
        let linear = try paint(mixture[0], mixture[1], mixture[2], mixture[3], in: place, to: "d.png")
        #expect(linear != night)
        let curved = try paint(
            mixture[0], mixture[1], mixture[2], mixture[3], "--blend", "spherical", in: place, to: "e.png")
        #expect(curved != linear)
        let own = try paint("--style", "starry-night:3", "--style", "starry-night:1", in: place, to: "f.png")
        #expect(own == night)
        #expect(try paint("--style", "starry-night", "--strength", "1", in: place, to: "g.png") == night)
        #expect(try paint("--style", "starry-night", "--strength", "0.4", in: place, to: "h.png") != night)
        let sheet = try CommandRun.brushflow(
            "preview", CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path, "--from", "0",
            "--duration", "0.2", "-o", "sheet.png", "--style", "udnie", "--style", "metzinger:2", "--strength", "0.8",
            in: place.url)
        #expect(sheet.status == 0, "\(sheet.errors)")
    }

    @Test func badOptions() throws {
        let place = try Workplace()
        func words(_ more: String...) -> [String] { ["stylize", bay, "-o", "a.png"] + more }
        try expect(
            words("--style", "udnie", "--engine", "gpu"), in: place, code: 64,
            "--engine gpu: 'stylize.engine' is gpu, expected auto | network | optimize")
        try expect(
            words("--style", "udnie", "--strength", "1.2"), in: place, code: 64,
            "--strength 1.2: 'stylize.strength' is 1.2, expected 0…1")
        try expect(
            words("--style", "udnie", "--blend", "cubic"), in: place, code: 64,
            "--blend cubic: 'network.blend' is cubic, expected linear | spherical")
        try expect(
            words("--style", "udnie:much"), in: place, code: 64,
            "--style udnie:much: after the colon stands the style's weight, a number from 0 to 1000000, such as udnie:0.5"
        )
        try expect(
            words("--style", "udnie", "--style", "metzinger", "--engine", "optimize"), in: place, code: 64,
            "--engine optimize paints in one style; give one, or leave --engine out")
    }

    /// A style's distance is measured without its painting.
    @Test func aLearnedStyleIsMeasured() throws {
        let place = try Workplace()
        let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
        try place.ffmpeg("-i \(clip) -frames:v 4 -vf scale=96:54", to: "clip.mp4")
        let run = try CommandRun.brushflow(
            "measure", "--source", "clip.mp4", "--stylized", "clip.mp4", "--style", "the-scream", "--json",
            in: place.url)
        #expect(run.output.contains("\"styleDistance\""), "\(run.errors)")
    }
}
