import Foundation
import Testing

/// `brushflow learn` and what is done with what it makes.
@Suite struct LearnTests {
    private let swirl = CommandRun.repository.appendingPathComponent("Fixtures/styles/swirl.jpg").path
    private let woodblock = CommandRun.repository.appendingPathComponent("Fixtures/styles/woodblock.jpg").path
    private let bay = CommandRun.repository.appendingPathComponent("Fixtures/preview/bay.jpg").path
    private let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
    private let small = ["--size", "32", "--batch", "1", "--steps", "2"]

    private func run(_ words: [String], in place: Workplace) throws -> CommandRun {
        try CommandRun.run(CommandRun.brushflow, words, in: place.url)
    }

    /// The same words make the same bytes, whatever the threads; the result is listed, inspected and painted with, and is
    /// itself learned from.
    @Test func twoPaintingsMakeANetwork() throws {
        let place = try Workplace()
        let styles = [
            "--style", "night=\(swirl)", "--style", woodblock, "--credit", "night=A Painter, A Night, about 1900",
        ]
        let one = try run(["learn"] + styles + small + ["-o", "one.safetensors", "--threads", "1"], in: place)
        #expect(one.status == 0, "\(one.errors)")
        #expect(one.errors.contains(/one\.safetensors: 2 steps in [0-9.]+ s, loss [0-9.]+ to [0-9.]+\n/))
        #expect(place.names == ["one.loss.csv", "one.loss.svg", "one.safetensors"])
        let table = try String(contentsOf: place.url.appendingPathComponent("one.loss.csv"), encoding: .utf8)
        #expect(table.hasPrefix("step,total,content,style,variation,consistency\n1,"))
        #expect(table.split(separator: "\n").count == 3)

        let two = try run(["learn"] + styles + small + ["-o", "two.safetensors", "--json"], in: place)
        #expect(two.status == 0 && two.output.contains("\"event\":\"done\",\"output\":\"two.safetensors\",\"steps\":2"))
        func bytes(_ name: String) throws -> Data { try Data(contentsOf: place.url.appendingPathComponent(name)) }
        #expect(try bytes("one.safetensors") == bytes("two.safetensors"))
        #expect(try bytes("one.safetensors").count < 1 << 20)

        let listed = try run(["styles", "one.safetensors"], in: place)
        #expect(listed.output == "night      A Painter, A Night, about 1900\nwoodblock\n")
        let described = try run(["styles", "one.safetensors", "--json"], in: place)
        #expect(described.output.contains("\"artist\":\"A Painter\",\"title\":\"A Night\",\"year\":\"about 1900\""))
        let preview = try run(["styles", "one.safetensors", "--preview", "seen"], in: place)
        #expect(preview.status == 0 && preview.errors == "seen/night.png\nseen/woodblock.png\n")
        let painted = try run(["stylize", bay, "--style", "one.safetensors", "-o", "painted.png"], in: place)
        #expect(painted.status == 0, "\(painted.errors)")

        // What was learned is where the next begins: by name, or by likeness.
        let next = try run(
            ["learn", "--style", "night=\(swirl)", "--style", "other=\(bay)", "--from", "one.safetensors"] + small
                + ["-o", "next.safetensors", "--photos", clip], in: place)
        #expect(next.status == 0, "\(next.errors)")
    }

    /// No step at all takes a base's styles over; names, credits and statistics are the new ones.
    @Test func noStepsTakeABaseAsItIs() throws {
        let place = try Workplace()
        let words = ["learn", "--style", "udnie=\(swirl)", "--from", "bundled", "--steps", "0", "-o", "a.safetensors"]
        let learned = try run(words + ["--credit", "udnie=A Painter, A Picture, 1900"], in: place)
        #expect(learned.status == 0, "\(learned.errors)")
        #expect(try run(["styles", "a.safetensors"], in: place).output == "udnie  A Painter, A Picture, 1900\n")
        for (style, output) in [("a.safetensors", "a.png"), ("udnie", "b.png")] {
            let painted = try run(["stylize", bay, "--style", style, "-o", output], in: place)
            #expect(painted.status == 0, "\(painted.errors)")
        }
        func bytes(_ name: String) throws -> Data { try Data(contentsOf: place.url.appendingPathComponent(name)) }
        #expect(try bytes("a.png") == bytes("b.png"))
        let blended = try run(
            ["stylize", bay, "--style", "a.safetensors#udnie", "--style", "metzinger:2", "-o", "c.png"], in: place)
        #expect(blended.status == 0, "\(blended.errors)")
    }

    @Test func aTimeIsTurnedIntoSteps() throws {
        let place = try Workplace()
        let run = try run(
            ["learn", "--style", swirl, "--size", "32", "--batch", "1", "--time", "0.001s", "-o", "a.safetensors"],
            in: place)
        #expect(run.status == 0)
        #expect(run.errors.hasPrefix("the time is 1 steps on this machine; --steps 1 gives the same file again\n"))
    }

    @Test func brokenPhotographsAreCounted() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("photos"), withIntermediateDirectories: true)
        try place.write("no picture", to: "photos/a.jpg")
        try FileManager.default.copyItem(atPath: bay, toPath: place.path("photos/b.jpg"))
        let run = try run(
            ["learn", "--style", swirl, "--photos", "photos", "-o", "a.safetensors"] + small, in: place)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("note: 1 of 2 photographs could not be read and were passed over: a.jpg\n"))
    }

    /// Ctrl-C leaves a checkpoint and nothing else; it is gone on from only as it was begun.
    @Test func anInterruptedRunLeavesACheckpoint() throws {
        let place = try Workplace()
        let words = ["learn", "--style", swirl, "--size", "32", "--batch", "1", "-o", "a.safetensors"]
        let command = try CommandRun.start(
            CommandRun.brushflow, words + ["--steps", "1000000"], in: place.url,
            environment: ["BRUSHFLOW_TRACE_HANDLES": "1"])
        while !place.names.contains("a.checkpoint.safetensors"), command.isRunning { usleep(20_000) }
        command.signal(SIGINT)
        let stopped = try command.wait()
        #expect(stopped.status == 130)
        #expect(stopped.errors == "brushflow: error: interrupted\nhandles alive: 0\n")
        #expect(place.names == ["a.checkpoint.safetensors"])
        try expect(
            words + ["--steps", "2"], in: place, code: 73,
            "a.checkpoint.safetensors: is left of a run that was stopped; go on from it with --resume, or begin anew with "
                + "--overwrite")
        try expect(
            words + ["--resume", "--seed", "2"], in: place, code: 64,
            "a.checkpoint.safetensors: was written by a run with --seed 0, but this one has 2; give the same options, or "
                + "leave --resume out")
        let anew = try run(words + ["--steps", "1", "--overwrite"], in: place)
        #expect(anew.status == 0 && place.names == ["a.loss.csv", "a.loss.svg", "a.safetensors"])
    }

    @Test func whatCannotBeLearned() throws {
        let place = try Workplace()
        try place.ffmpeg("-f lavfi -i color=red:size=8x8 -frames:v 1", to: "tiny.png")
        try FileManager.default.createDirectory(atPath: place.path("empty"), withIntermediateDirectories: true)
        func learn(_ style: String, _ more: String...) -> [String] {
            ["learn", "--style", style, "-o", "a.safetensors"] + more
        }
        try expect(
            learn("tiny.png"), in: place, code: 65,
            "tiny.png: is 8×8 pixels; a style needs at least 64 on its shorter side for its strokes to be seen; give a "
                + "larger image")
        try expect(learn("no.jpg"), in: place, code: 66, "no.jpg: No such file or directory")
        try expect(
            learn(swirl, "--photos", "empty"), in: place, code: 65,
            "empty: holds no photographs (.bmp, .jpeg, .jpg, .pgm, .png, .pnm, .ppm, .tif, .tiff, .webp); leave --photos out "
                + "to learn from drawn pictures")
        try expect(
            ["learn", "--style", swirl, "-o", "a.png"], in: place, code: 64,
            "a.png: a learned style is a .safetensors file; name one")
        try expect(
            learn(swirl, "--resume"), in: place, code: 66,
            "a.checkpoint.safetensors: there is no such file to go on from; leave --resume out")
        try expect(learn(swirl, "--steps", "0"), in: place, code: 64, "--steps 0: expected 1…10000000")
        try expect(
            learn(swirl, "--size", "100"), in: place, code: 64, "--size 100: expected a multiple of 16 from 32 to 1024")
        try expect(learn(swirl, "--batch", "0"), in: place, code: 64, "--batch 0: expected 1…256")
        try expect(
            learn(swirl, "--steps", "1", "--time", "1s"), in: place, code: 64, "--steps and --time: give one of the two"
        )
        try expect(
            ["styles", "--picture", bay], in: place, code: 64,
            "--picture: is for --preview DIR, which says where paintings go")
    }

    /// Grey, transparent, animated and very large paintings are taken.
    @Test func oddPaintingsAreLearned() throws {
        let place = try Workplace()
        try place.ffmpeg("-f lavfi -i testsrc2=size=96x80 -frames:v 1 -pix_fmt gray", to: "grey.png")
        try place.ffmpeg("-f lavfi -i testsrc2=size=96x80 -frames:v 1 -pix_fmt rgba", to: "clear.png")
        try place.ffmpeg("-f lavfi -i testsrc2=size=96x80:rate=5 -frames:v 3", to: "moving.gif")
        try place.ffmpeg("-f lavfi -i testsrc2=size=12000x96 -frames:v 1", to: "wide.png")
        let styles = ["grey.png", "clear.png", "moving.gif", "wide.png"].flatMap { ["--style", $0] }
        let run = try run(["learn"] + styles + small + ["-o", "a.safetensors"], in: place)
        #expect(run.status == 0, "\(run.errors)")
        let listed = try self.run(["styles", "a.safetensors"], in: place)
        #expect(listed.output == "grey\nclear\nmoving\nwide\n")
    }
}
