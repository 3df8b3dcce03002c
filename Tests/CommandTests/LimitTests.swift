import Foundation
import Testing

/// The section `limits`: what is beyond one is refused in a sentence that names the key.
@Suite struct LimitTests {
    private func stylize(_ input: String, _ more: String...) -> [String] {
        ["stylize", input, "-o", "out.mp4", "--style", "swirl", "--set", "stylize.steps=0"] + more
    }

    /// A workplace with a clip of 25 frames of 64×48.
    private func placeWithClip() throws -> Workplace {
        let place = try Workplace()
        try place.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=1 -c:v libx264 -pix_fmt yuv420p", to: "clip.mp4")
        return place
    }

    /// An input of some frames is refused by a limit of one fewer, and taken by one of as many.
    private func expectFrames(_ frames: Int, of input: String, in place: Workplace, _ refusal: String) throws {
        try expect(
            stylize(input, "--set", "limits.frames=\(frames - 1)"), in: place, code: 65,
            "\(input): \(refusal); raise 'limits.frames' if that is right")
        let run = try CommandRun.run(
            CommandRun.brushflow, stylize(input, "--set", "limits.frames=\(frames)"), in: place.url)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test func framesThatAHeaderPromises() throws {
        let place = try placeWithClip()
        try expect(
            stylize("clip.mp4", "--set", "limits.frames=24"), in: place, code: 65,
            "clip.mp4: its header promises 25 frames, over the limit of 24; raise 'limits.frames' if that is right")
        for more in [["--set", "limits.frames=25"], ["--set", "limits.frames=24", "--to", "0.4"]] {
            let words = stylize("clip.mp4") + more + ["--overwrite"]
            let run = try CommandRun.run(CommandRun.brushflow, words, in: place.url)
            #expect(run.status == 0, "\(more): \(run.errors)")
        }
    }

    /// A file that does not say how many frames it has.
    @Test func framesThatAreDelivered() throws {
        let place = try placeWithClip()
        try place.ffmpeg("-i clip.mp4 -c copy", to: "clip.h264")
        try expectFrames(25, of: "clip.h264", in: place, "has more frames than the limit of 24")
    }

    /// The frames of an earlier run count.
    @Test func framesOfAResumedRun() throws {
        let run = try StoppedRun()
        try run.place.ffmpeg("-i clip.mp4 -an -c copy", to: "clip.h264")
        try FileManager.default.removeItem(atPath: run.place.path("clip.mp4"))
        try FileManager.default.moveItem(atPath: run.place.path("clip.h264"), toPath: run.place.path("clip.mp4"))
        let stopped = try run.run("out.mp4", "--set", "limits.frames=80")
        #expect(stopped.status == 65)
        let words =
            "brushflow: error: clip.mp4: has more frames than the limit of 80; raise 'limits.frames' if that is right; "
        #expect(stopped.errors.hasPrefix(words), "\(stopped.errors)")
        let kept = try run.framesKept("out.mp4")
        #expect(kept >= 25)
        let again = try run.run("out.mp4", "--set", "limits.frames=80")
        #expect(again.status == 65 && again.errors.hasPrefix(words))
        let rest = try run.run("out.mp4", "--set", "limits.frames=110")
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(try StoppedRun.member("frames", of: rest) == "110")
    }

    @Test func framesOfADirectory() throws {
        let place = try placeWithClip()
        try FileManager.default.createDirectory(atPath: place.path("frames"), withIntermediateDirectories: true)
        try place.ffmpeg("-i clip.mp4 -frames:v 4", to: "frames/%d.png")
        try expectFrames(4, of: "frames", in: place, "holds 4 frames, over the limit of 3")
    }

    /// Files with nothing in them: their size alone is enough.
    @Test func weightsOfEveryKind() throws {
        let place = try placeWithClip()
        for (name, bytes) in [("big.onnx", 257 << 20), ("big.safetensors", 1 << 30 + 1), ("small.onnx", 1 << 18)] {
            _ = FileManager.default.createFile(atPath: place.path(name), contents: nil)
            truncate(place.path(name), bytes)
        }
        func run(_ style: String, _ more: String...) -> [String] {
            ["stylize", "clip.mp4", "-o", "out.mp4", "--style", style] + more
        }
        let remedy = "; raise 'limits.tensorBytes' where memory allows"
        try expect(
            run("big.onnx"), in: place, code: 65,
            "big.onnx: cannot read a network: the file has 269484032 bytes, more than 268435456\(remedy)")
        try expect(
            run("big.safetensors"), in: place, code: 65,
            "big.safetensors: cannot read weights: the file has 1073741825 bytes, more than 1073741824\(remedy)")
        try expect(
            run("swirl", "--encoder", "big.safetensors"), in: place, code: 65,
            "big.safetensors: cannot read weights: the file has 1073741825 bytes, more than 1073741824\(remedy)")
        try expect(
            run("small.onnx", "--set", "limits.tensorBytes=1000000"), in: place, code: 65,
            "small.onnx: cannot read a network: the file has 262144 bytes, more than 250000\(remedy)")
        // A higher limit takes effect too: the file is read, and is no network.
        let read = try CommandRun.run(
            CommandRun.brushflow, run("big.onnx", "--set", "limits.tensorBytes=2000000000"), in: place.url)
        #expect(read.status == 65 && !read.errors.contains("limits.tensorBytes"), "\(read.errors)")
    }

    @Test func framesOfTooManyPixels() throws {
        let place = try placeWithClip()
        try expect(
            stylize("clip.mp4", "--set", "limits.pixels=3071"), in: place, code: 65,
            "clip.mp4: frames of 64x48 have 3072 pixels, over the limit of 3071; raise 'limits.pixels' where memory allows"
        )
    }
}
