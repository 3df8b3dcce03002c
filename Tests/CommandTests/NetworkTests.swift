import Foundation
import Testing

/// Feed-forward networks as the style of a run.
@Suite struct NetworkTests {
    private let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
    private let ink = CommandRun.repository.appendingPathComponent("Fixtures/networks/ink.onnx").path
    private let recurrent = CommandRun.repository
        .appendingPathComponent("Tests/NeuralNetTests/Golden/style_network_recurrent.safetensors").path

    private func digest(_ run: CommandRun) throws -> Substring {
        #expect(run.status == 0, "\(run.errors)")
        return try #require(run.output.firstMatch(of: /"framesDigest":"([0-9a-f]{16})"/)?.1)
    }

    /// Threads, queues and a start at the cut change no bit; the temporal term changes the frames.
    @Test(arguments: ["ink", "recurrent"]) func theSecondShotAloneEqualsTheWholeRun(name: String) throws {
        let place = try Workplace()
        let style = name == "ink" ? ink : recurrent
        func run(_ output: String, _ more: String...) throws -> Substring {
            let words = ["stylize", clip, "--style", style, "-o", output, "--codec", "ffv1", "--json"]
            return try digest(CommandRun.run(CommandRun.brushflow, words + more, in: place.url))
        }
        let whole = try run("whole.mkv", "--threads", "2")
        #expect(try run("inline.mkv", "--threads", "1", "--set", "run.mode=inline") == whole)
        #expect(try run("free.mkv", "--set", "temporal.weight=0") != whole)
        _ = try run("shot.mkv", "--from", "1.5", "--duration", "0.5")
        let frames = try place.frameChecksums("whole.mkv")
        #expect(frames.count == 60)
        #expect(try place.frameChecksums("shot.mkv") == Array(frames[36..<48]))
        // A shot's first frame is painted by itself.
        let free = try place.frameChecksums("free.mkv")
        #expect(free[0] == frames[0] && free[36] == frames[36] && free[1] != frames[1])
    }

    @Test func whatANetworkRunSaysAndEstimates() throws {
        let place = try Workplace()
        let run = try CommandRun.brushflow("stylize", clip, "--style", ink, "-o", "out.mp4", in: place.url)
        #expect(run.status == 0)
        #expect(run.errors.contains("note: ink.onnx takes RGB 0..1, found by a trial, and gives 0..1\n"))
        let plan = try CommandRun.brushflow("stylize", clip, "--style", ink, "-o", "x.mp4", "--dry-run", in: place.url)
        #expect(plan.status == 0 && plan.output.contains("style: \(ink)") && plan.output.contains("s a frame"))
        #expect(!place.names.contains("x.mp4"))
    }

    /// Given numbers 255 times too large, the network paints black and white, and that is said.
    @Test func aWrongRangeIsSaid() throws {
        let place = try Workplace()
        let run = try CommandRun.brushflow(
            "stylize", clip, "--style", ink, "-o", "out.mp4", "--input-range", "0..255", "--duration", "0.2",
            in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.errors.contains(
                "black or white; the network may take other numbers than 0..255: try --input-range 0..1"))
    }

    /// There is no painting to judge style by, but frames can be painted by themselves.
    @Test func aNetworkRunIsMeasured() throws {
        let place = try Workplace()
        let run = try CommandRun.brushflow(
            "stylize", clip, "--style", ink, "-o", "out.mp4", "--duration", "0.5", "--report", "out.html", in: place.url
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("per-frame painting") && place.names == ["out.html", "out.mp4"])
    }

    @Test func inspectDescribesANetwork() throws {
        let place = try Workplace()
        let run = try CommandRun.brushflow("inspect", ink, "--size", "64x48", in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("ONNX, operator set 17, from Brushflow"))
        #expect(run.output.contains("at 64×48:"))
        // 5×5 from 3 to 7 channels and 1×1 from 7 to 3.
        #expect(
            run.output.contains("5 layers, 549 parameters") && run.output.contains("0.5 thousand multiply-adds a pixel")
        )
        let weights = try CommandRun.brushflow("inspect", recurrent, in: place.url)
        #expect(weights.status == 0 && weights.output.contains("conv1.weight"))
    }

    @Test func networksThatCannotBeUsed() throws {
        let place = try Workplace()
        func stylize(_ style: String, _ more: String...) -> [String] {
            ["stylize", clip, "-o", "out.mp4", "--style", style] + more
        }
        try place.write("these are words, not a network\n", to: "words.onnx")
        try Data(contentsOf: URL(fileURLWithPath: ink)).prefix(1000)
            .write(to: place.url.appendingPathComponent("cut.onnx"))
        try expect(stylize("no.onnx"), in: place, code: 66, "no.onnx: cannot read a network: there is no such file")
        try expect(
            stylize("no.safetensors"), in: place, code: 66, "no.safetensors: cannot read weights: there is no such file"
        )
        for name in ["words.onnx", "cut.onnx"] {
            let run = try CommandRun.run(CommandRun.brushflow, stylize(name), in: place.url)
            #expect(run.status == 65 && run.errors.hasPrefix("brushflow: error: \(name): "), "\(run.errors)")
            let inspected = try CommandRun.brushflow("inspect", name, in: place.url)
            #expect(inspected.status == 65 && inspected.errors == run.errors)
        }
        try expect(
            stylize(recurrent, "--set", "network.style=7"), in: place, code: 64,
            "\(recurrent): network.style is 7, but the network has 2 styles; give 0…1")
        try expect(
            stylize(ink, "--set", "network.style=1"), in: place, code: 64,
            "\(ink): network.style is 1, but an ONNX network has one style, 0")
        try expect(
            stylize(recurrent, "--input-range", "0..1"), in: place, code: 64,
            "\(recurrent): --input-range is for ONNX networks; a safetensors network says its range in its metadata "
                + "(input_range)")
        try expect(
            stylize("swirl", "--input-range", "0..1"), in: place, code: 64,
            "--input-range 0..1 is for ONNX networks, but the style is 'swirl'")
        try expect(
            stylize(ink, "--input-range", "0..2"), in: place, code: 64,
            "--input-range 0..2: 'network.inputRange' is 0..2, expected auto | 0..1 | 0..255 | imagenet")
        try expect(["inspect", clip], in: place, code: 64, "\(clip): neither an .onnx nor a .safetensors file")
        try expect(
            ["inspect", ink, "--size", "0x9"], in: place, code: 64, "--size 0x9: expected 1x1…16384x16384")
    }
}
