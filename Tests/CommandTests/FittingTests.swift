import Foundation
import Testing

/// Images that are learned for a run.
@Suite struct FittingTests {
    private let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
    private let woodblock = CommandRun.repository.appendingPathComponent("Fixtures/styles/woodblock.jpg").path

    private func place() throws -> Workplace {
        let place = try Workplace()
        try place.ffmpeg("-i \(clip) -frames:v 3 -vf scale=96:54", to: "clip.mp4")
        try FileManager.default.copyItem(atPath: woodblock, toPath: place.path("my.jpg"))
        return place
    }

    private func words(_ output: String, _ more: [String] = ["--learn-steps", "1"]) -> [String] {
        ["stylize", "clip.mp4", "-o", output, "--style", "my.jpg"] + more
    }

    private func cache(_ place: Workplace) -> [String: String] { ["XDG_CACHE_HOME": place.path("cache")] }

    private func kept(_ place: Workplace) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place.path("cache/brushflow")).sorted()
    }

    private func run(_ words: [String], in place: Workplace) throws -> CommandRun {
        try CommandRun.run(CommandRun.brushflow, words, in: place.url, environment: cache(place))
    }

    private func digest(_ run: CommandRun) throws -> Substring {
        #expect(run.status == 0, "\(run.errors)")
        return try #require(run.output.firstMatch(of: /"framesDigest":"([0-9a-f]{16})"/)?.1)
    }

    /// The second run takes what the first one learned; what was damaged is learned again, to the same frames.
    @Test func anImageIsLearnedOnce() throws {
        let place = try place()
        let plan = try run(words("a.mkv") + ["--dry-run"], in: place)
        #expect(plan.status == 0 && plan.output.contains("style: my.jpg") && !place.names.contains("cache"))
        let first = try run(words("a.mkv") + ["--json"], in: place)
        let frames = try digest(first)
        #expect(first.output.contains("\"event\":\"learned\",\"style\":\"my.jpg\""))
        #expect(first.output.contains("\"steps\":1,"))
        let names = try kept(place)
        #expect(names.count == 1 && names[0].contains(/^[0-9a-f]{16}-[0-9a-f]{16}\.safetensors$/))

        let second = try run(words("b.mkv"), in: place)
        #expect(second.errors.hasPrefix("my.jpg: was learned before\n"), "\(second.errors)")
        let file = place.url.appendingPathComponent("cache/brushflow/\(names[0])")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 4
        try bytes.write(to: file)
        let third = try run(words("c.mkv"), in: place)
        #expect(
            third.errors.hasPrefix(
                "\(place.path("cache/brushflow")): what was kept of 'my.jpg' was damaged; it is learned again\n"),
            "\(third.errors)")
        #expect(third.errors.contains("my.jpg: learned in 1 steps\n"))
        #expect(try kept(place) == names)
        #expect(try digest(run(words("d.mkv") + ["--json"], in: place)) == frames)
        let longer = try run(words("e.mkv", ["--learn-time", "0.001s"]), in: place)
        #expect(
            longer.errors.hasPrefix("the time is 1 steps on this machine; --learn-steps 1 gives the same file again\n"))
        #expect(try kept(place).count == 2)
    }

    @Test func twoRunsThatLearnTheSameAtOnceDoNotMeet() throws {
        let place = try place()
        let runs = try ["a.mkv", "b.mkv"].map {
            try CommandRun.start(
                CommandRun.brushflow, words($0) + ["--json"], in: place.url, environment: cache(place))
        }
        let digests = try runs.map { try digest($0.wait()) }
        #expect(digests[0] == digests[1])
        #expect(try kept(place).count == 1)
    }

    /// Also where the second signal ends it without unwinding.
    @Test(arguments: [1, 2]) func anInterruptedRunKeepsNothing(signals: Int) throws {
        let place = try place()
        let command = try CommandRun.start(
            CommandRun.brushflow, words("a.mkv", ["--learn-steps", "100000"]), in: place.url, environment: cache(place))
        func isLearning() -> Bool {
            let names = (try? kept(place)) ?? []
            return names.first.map {
                FileManager.default.fileExists(atPath: place.path("cache/brushflow/\($0)/style.checkpoint.safetensors"))
            } ?? false
        }
        while command.isRunning, !isLearning() { usleep(20_000) }
        for _ in 0..<signals { command.signal(SIGINT) }
        #expect(try command.wait().status == 130)
        #expect(try kept(place).isEmpty && !place.names.contains("a.mkv"))
    }

    @Test func whatCannotBeLearned() throws {
        let place = try place()
        try place.ffmpeg("-f lavfi -i color=red:size=8x8 -frames:v 1", to: "tiny.png")
        let start = ["stylize", "clip.mp4", "-o", "a.mkv", "--style"]
        try expect(
            start + ["tiny.png", "--engine", "network"], in: place, code: 65,
            "tiny.png: is 8×8 pixels; a style needs at least 64 on its shorter side for its strokes to be seen; give a "
                + "larger image")
        try expect(start + ["no.png", "--engine", "network"], in: place, code: 66, "no.png: No such file or directory")
        try expect(
            start + ["udnie", "--learn-steps", "5"], in: place, code: 64,
            "--learn-steps and --learn-time are for an image that a network is to paint; leave them out for 'udnie'")
        try place.write("precious", to: "there.mkv")
        try expect(
            words("there.mkv"), in: place, code: 73, "there.mkv: exists already; give --overwrite to replace it")
        try expect(
            words("a.mkv", ["--learn-steps", "5", "--learn-time", "5s"]), in: place, code: 64,
            "--learn-steps and --learn-time: give one of the two")
        let blocked = try CommandRun.run(
            CommandRun.brushflow, words("a.mkv"), in: place.url, environment: ["XDG_CACHE_HOME": place.path("my.jpg")])
        #expect(blocked.status == 73)
        #expect(
            blocked.errors
                == "brushflow: error: \(place.path("my.jpg/brushflow")): a learned style cannot be kept there: it cannot be "
                + "made; set XDG_CACHE_HOME to a directory that can be written to\n")
    }
}
