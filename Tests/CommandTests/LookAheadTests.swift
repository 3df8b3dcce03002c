import Foundation
import Testing

/// How many frames x264 keeps to look ahead: what it writes into the stream says so.
@Suite struct LookAheadTests {
    @Test(arguments: [(nil, 20), ("medium", 40), ("faster", 20)] as [(String?, Int)])
    func isShortUnlessAPresetWasAskedFor(preset: String?, frames: Int) throws {
        let place = try Workplace()
        try place.ffmpeg("-f lavfi -i testsrc=s=64x48:r=25 -t 0.2 -c:v libx264 -pix_fmt yuv420p", to: "clip.mp4")
        let words = ["stylize", "clip.mp4", "-o", "out.mp4", "--style", "swirl", "--set", "stylize.steps=0"]
        let run = try CommandRun.run(
            CommandRun.brushflow, words + (preset.map { ["--preset", $0] } ?? []), in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        let file = try Data(contentsOf: place.url.appendingPathComponent("out.mp4"))
        let said = "rc_lookahead=\(frames) "
        #expect(file.range(of: Data(said.utf8)) != nil, "\(said)for preset \(preset ?? "none")")
    }
}
