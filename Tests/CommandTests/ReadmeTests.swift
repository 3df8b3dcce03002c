import Foundation
import Testing

/// Every `brushflow` line of the README is run as it stands.
@Suite struct ReadmeTests {
    @Test func everyCommandOfTheReadmeWorks() throws {
        let readme = try String(contentsOf: CommandRun.repository.appendingPathComponent("README.md"), encoding: .utf8)
        let commands = readme.split(separator: "\n").filter { $0.hasPrefix("brushflow ") }
        #expect(commands.count >= 15)
        let place = try Workplace()
        // What the README's names stand for: a second of two shots, a painting, two frames and a directory of them.
        let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
        try place.ffmpeg("-ss 1 -t 1.05 -i \(clip) -vf scale=96:54 -c:v libx264 -c:a aac", to: "clip.mp4")
        try FileManager.default.createDirectory(atPath: place.path("frames"), withIntermediateDirectories: true)
        try place.ffmpeg("-i clip.mp4 -frames:v 3", to: "frames/f%d.png")
        try place.ffmpeg("-i clip.mp4 -frames:v 1", to: "a.png")
        try place.ffmpeg("-ss 0.1 -i clip.mp4 -frames:v 1", to: "b.png")
        let style = CommandRun.repository.appendingPathComponent("Fixtures/styles/woodblock.jpg").path
        try FileManager.default.copyItem(atPath: style, toPath: place.path("my-painting.jpg"))
        for (source, name) in [
            ("Fixtures/networks/ink.onnx", "network.onnx"),
            ("Tests/NeuralNetTests/Golden/style_network_recurrent.safetensors", "my-network.safetensors"),
        ] {
            let path = CommandRun.repository.appendingPathComponent(source).path
            try FileManager.default.copyItem(atPath: path, toPath: place.path(name))
        }
        let bin = URL(fileURLWithPath: CommandRun.brushflow).deletingLastPathComponent().path
        let path = bin + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        for command in commands.map(String.init) {
            // The README paints over its own example once.
            let line = command + (command.contains("-o painted.mp4") ? " --overwrite" : "")
            let run = try CommandRun.run(
                "/bin/sh", ["-c", line], in: place.url,
                environment: ["PATH": path, "XDG_CACHE_HOME": place.path("cache")])
            #expect(run.status == 0, "\(line): \(run.errors)")
        }
        #expect(try place.frameChecksums("painted.mp4").count == 3)
        #expect(try place.frameChecksums("look.mp4").count > 0)
    }
}
