import Foundation
import Testing

/// Everything wrong that a user can hand in: the exact sentence, the exit code, and nothing left behind.
@Suite struct BadInputTests {
    private func stylize(_ input: String, _ more: String...) -> [String] {
        ["stylize", "-o", "out.mp4", "--style", "swirl"] + more + ["--", input]
    }

    /// A workplace with a small clip `clip.mp4`: 64×48, 25 frames, with audio.
    private func placeWithClip() throws -> Workplace {
        let place = try Workplace()
        try place.ffmpeg(
            "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -f lavfi -i sine=d=1 -c:v libx264 -pix_fmt yuv420p -c:a aac "
                + "-movflags +faststart", to: "clip.mp4")
        return place
    }

    @Test func missingAndUnreadableInput() throws {
        let place = try placeWithClip()
        try expect(stylize("no.mp4"), in: place, code: 66, "no.mp4: No such file or directory")
        try expect(stylize("http://host/x.mp4"), in: place, code: 66, "http://host/x.mp4: No such file or directory")
        try expect(stylize("file:clip.mp4"), in: place, code: 66, "file:clip.mp4: No such file or directory")
    }

    @Test func contentThatIsNoVideo() throws {
        let place = try placeWithClip()
        try place.write("these are words, not a video\n", to: "text.mp4")
        try place.write("", to: "empty.mp4")
        try place.write("ffconcat version 1.0\nfile clip.mp4\n", to: "list.mp4")
        try place.write("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nclip.mp4\n#EXT-X-ENDLIST\n", to: "hls.mp4")
        try place.ffmpeg("-f lavfi -i sine=d=1 -c:a aac", to: "audio.mp4")
        for name in ["text.mp4", "empty.mp4", "list.mp4", "hls.mp4", "audio.mp4"] {
            let before = place.names
            let run = try CommandRun.run(CommandRun.brushflow, stylize(name), in: place.url)
            #expect(run.status == 65, "\(name): \(run.errors)")
            #expect(run.errors.hasPrefix("brushflow: error: \(name): "))
            #expect(run.errors.split(separator: "\n").count == 1)
            #expect(place.names == before)
        }
    }

    @Test func truncatedClips() throws {
        let place = try placeWithClip()
        try place.ffmpeg("-i clip.mp4 -c copy", to: "back.mp4")
        for name in ["clip.mp4", "back.mp4"] {
            let data = try Data(contentsOf: place.url.appendingPathComponent(name))
            try data.prefix(data.count * 3 / 5).write(to: place.url.appendingPathComponent("cut-" + name))
        }
        for name in ["cut-clip.mp4", "cut-back.mp4"] {
            let before = place.names
            let words = stylize(name, "--set", "stylize.steps=0")
            let run = try CommandRun.run(CommandRun.brushflow, words, in: place.url)
            #expect(run.status == 65, "\(name): \(run.errors)")
            #expect(run.errors.hasPrefix("brushflow: error: \(name): "))
            #expect(place.names == before)
        }
    }

    @Test func styles() throws {
        let place = try placeWithClip()
        try place.write("no image\n", to: "style.png")
        func words(_ style: String) -> [String] { ["stylize", "clip.mp4", "-o", "out.mp4", "--style", style] }
        try expect(
            words("swril"), in: place, code: 64,
            "unknown style 'swril': it is neither an image file nor one of starry-night, great-wave, the-scream, "
                + "composition-vii, woman-with-a-hat, san-giorgio-maggiore, udnie, shipwreck-of-the-minotaur, "
                + "bedroom-in-arles, starry-night-over-the-rhone, dance-foyer, metzinger, swirl, woodblock, "
                + "stained-glass, hatching, pointillist. Did you mean 'swirl'?")
        try expect(words("no.png"), in: place, code: 66, "no.png: No such file or directory")
        let run = try CommandRun.run(CommandRun.brushflow, words("style.png"), in: place.url)
        #expect(run.status == 65)
        #expect(run.errors.hasPrefix("brushflow: error: style.png: is not an image that can be read"))
    }

    @Test func outputs() throws {
        let place = try placeWithClip()
        try place.write("precious", to: "out.mp4")
        try expect(
            stylize("clip.mp4"), in: place, code: 73, "out.mp4: exists already; give --overwrite to replace it")
        func words(_ output: String) -> [String] { ["stylize", "clip.mp4", "-o", output, "--style", "swirl"] }
        try expect(
            words("no/out.mp4"), in: place, code: 73, "no/out.mp4: the directory no does not exist; make it first")
        try expect(
            words("out.avi"), in: place, code: 64,
            "out.avi: the output has the extension '.avi'; a video is written as one of .mp4, .mov, .mkv, .webm")
        try expect(
            words("out.png"), in: place, code: 64,
            "out.png: is one image, but clip.mp4 has many frames; end the output in / to write a directory of frames, "
                + "or in .mp4 for a video")
        #expect(try String(contentsOf: place.url.appendingPathComponent("out.mp4"), encoding: .utf8) == "precious")
    }

    @Test func settings() throws {
        let place = try placeWithClip()
        try expect(
            stylize("clip.mp4", "--set", "temporal.wieght=3"), in: place, code: 64,
            "--set temporal.wieght=3: unknown key 'temporal.wieght'. Did you mean 'temporal.weight'?")
        try expect(
            stylize("clip.mp4", "--set", "encode.chunkFrames=0"), in: place, code: 64,
            "--set encode.chunkFrames=0: 'encode.chunkFrames' is 0, expected 1…100000")
        try place.write("stylize:\n  tempral: 3\n", to: "my.yml")
        try expect(
            stylize("clip.mp4", "--pipeline", "my.yml"), in: place, code: 64, "my.yml: unknown key 'stylize.tempral'")
        try expect(
            stylize("clip.mp4", "--codec", "prores"), in: place, code: 64,
            "codec prores does not go into .mp4; name the output .mov, .mkv")
        try expect(
            stylize("clip.mp4", "--threads", "0"), in: place, code: 64, "--threads 0: expected 1…256")
    }

    @Test func segments() throws {
        let place = try placeWithClip()
        try expect(
            stylize("clip.mp4", "--to", "3", "--duration", "1"), in: place, code: 64,
            "--to and --duration exclude each other; give one of them")
        try expect(
            stylize("clip.mp4", "--from", "0.5", "--to", "0.2"), in: place, code: 64,
            "a segment from 0.5 s cannot end at 0.2 s; give an end after its start")
        let run = try CommandRun.run(CommandRun.brushflow, stylize("clip.mp4", "--from", "9"), in: place.url)
        #expect(run.status == 64)
        #expect(run.errors.hasPrefix("brushflow: error: clip.mp4: "))
        let word = try CommandRun.run(CommandRun.brushflow, stylize("clip.mp4", "--from", "1:75"), in: place.url)
        #expect(word.status == 64)
    }

    @Test func framesOfTwoSizes() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("frames"), withIntermediateDirectories: true)
        try place.ffmpeg("-f lavfi -i testsrc2=s=64x48 -frames:v 1", to: "frames/f_1.png")
        try place.ffmpeg("-f lavfi -i testsrc2=s=32x48 -frames:v 1", to: "frames/f_2.png")
        let run = try CommandRun.run(
            CommandRun.brushflow, stylize("frames", "--set", "stylize.steps=0"), in: place.url)
        #expect(run.status == 65)
        #expect(run.errors.contains("frames/f_2.png"))
        #expect(run.errors.contains("32×48"))
        #expect(place.names == ["frames"])
    }

    /// A limit on file sizes stands in for a full disk: EFBIG for ENOSPC. In a process of its own, since the limit
    /// would hold for every test that runs beside this one.
    @Test func fullDisk() throws {
        let place = try placeWithClip()
        let words = "stylize clip.mp4 -o out.mp4 --style swirl --set stylize.steps=0 --crf 0"
        let before = place.names
        let run = try CommandRun.run(
            "/bin/bash", ["-c", "ulimit -f 4; exec '\(CommandRun.brushflow)' \(words)"], in: place.url)
        #expect(run.status == 73)
        #expect(
            run.errors
                == "brushflow: error: out.mp4: cannot write: File too large; free some disk space and run again\n")
        #expect(place.names == before)
    }

    @Test func aNameWithAColonWorks() throws {
        let place = try placeWithClip()
        try FileManager.default.copyItem(atPath: place.path("clip.mp4"), toPath: place.path("a:b.mp4"))
        let run = try CommandRun.run(
            CommandRun.brushflow, stylize("a:b.mp4", "--set", "stylize.steps=0"), in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try place.probe("out.mp4", "stream=nb_frames") == "nb_frames=25\n")
    }

    @Test func anUnreadableDirectory() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("frames"), withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: place.path("frames"))
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: place.url.path)
        // Root may read everything, so the command runs as nobody where the tests run as root.
        let nobody =
            getuid() == 0 ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["/usr/bin/env"]
        let words = nobody + [CommandRun.brushflow, "stylize", "frames", "-o", "out.mp4", "--style", "swirl"]
        let run = try CommandRun.run(words[0], Array(words.dropFirst()), in: place.url)
        #expect(run.status == 66)
        #expect(run.errors == "brushflow: error: frames: Permission denied\n")
        #expect(place.names == ["frames"])
    }
}
