import Foundation
import Testing

/// The same frames and the same bytes, however the stages are joined, however many threads there are, and whatever
/// the memory held before (`MALLOC_PERTURB_` fills what is allocated; x264 once depended on it).
@Suite struct DeterminismTests {
    @Test func modesDepthsAndThreadsChangeNothing() throws {
        let place = try Workplace()
        try place.ffmpeg(
            "-f lavfi -i mandelbrot=s=48x36:r=25 -f lavfi -i sine -t 4.4 -c:v libx264 -pix_fmt yuv420p -c:a aac",
            to: "clip.mp4")
        let variants = [
            ["--set", "run.mode=inline", "--threads", "1"], ["--set", "run.queueDepth=1", "--threads", "2"],
            ["--set", "run.queueDepth=8", "--threads", "1"], ["--set", "run.queueDepth=8", "--threads", "2"],
        ]
        var digests: Set<String> = []
        var files: Set<Data> = []
        for (index, variant) in variants.enumerated() {
            let words = [
                "stylize", "clip.mp4", "-o", "out\(index).mp4", "--style", "swirl", "--json", "--set",
                "stylize.steps=4,2",
                "--set", "stylize.nextSteps=0,2", "--set", "encode.chunkFrames=40", "--seed", "7",
            ]
            let run = try CommandRun.run(
                CommandRun.brushflow, words + variant, in: place.url,
                environment: index == 0 ? [:] : ["MALLOC_PERTURB_": "\(index * 60)"])
            #expect(run.status == 0, "\(run.errors)")
            let done = try #require(run.output.split(separator: "\n").last { $0.contains("\"event\":\"done\"") })
            #expect(done.contains("\"frames\":110,"))
            digests.insert(String(try #require(done.firstMatch(of: /"framesDigest":"([0-9a-f]{16})"/)?.1)))
            files.insert(try Data(contentsOf: place.url.appendingPathComponent("out\(index).mp4")))
        }
        #expect(digests.count == 1)
        #expect(files.count == 1)
    }
}
