import Foundation
import Testing

/// Faults of the system in the middle of a run, put there by strace: each ends with a sentence and its exit code, what is
/// finished is kept, and the same command comes to the same bytes afterwards.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/strace"), "strace is not installed"))
struct InjectedFaultTests {
    /// One thread does everything, so that calls come in one order.
    private static let inline = ["--set", "run.mode=inline", "--threads", "1"]

    /// A clip of 110 frames whose file is read to the end of the run, and its whole result `whole.mkv`.
    private func run() throws -> StoppedRun {
        let run = try StoppedRun()
        try run.place.ffmpeg("-i clip.mp4 -c:v rawvideo -c:a pcm_s16le -f matroska", to: "raw")
        try FileManager.default.removeItem(atPath: run.place.path("clip.mp4"))
        try FileManager.default.moveItem(atPath: run.place.path("raw"), toPath: run.place.path("clip.mp4"))
        #expect(try run.run("whole.mkv").status == 0)
        return run
    }

    private func trace(_ run: StoppedRun, _ words: [String]) throws -> CommandRun {
        try CommandRun.run(
            "/usr/bin/strace",
            ["-f", "-qq", "-o", run.place.path("trace")] + words
                + [CommandRun.brushflow, "stylize", "clip.mp4", "-o", "out.mkv"] + StoppedRun.words + Self.inline,
            in: run.place.url)
    }

    /// The numbers, from 1, of libav's reads among those of the last trace: it asks for 32 KiB at a time.
    private func libavReads(_ run: StoppedRun) throws -> [Int] {
        let calls = try String(contentsOfFile: run.place.path("trace"), encoding: .utf8).split(separator: "\n")
        return calls.enumerated().filter { $0.element.contains(", 32768) = ") }.map { $0.offset + 1 }
    }

    private func checkRest(_ run: StoppedRun) throws {
        let kept = try run.framesKept("out.mkv")
        let rest = try run.run("out.mkv")
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(try StoppedRun.member("framesBefore", of: rest) == "\(kept)" && kept >= 25)
        #expect(try run.bytes("out.mkv") == run.bytes("whole.mkv"))
    }

    private func kept(_ run: StoppedRun) throws -> String {
        "; \(try run.framesKept("out.mkv")) of 110 frames are finished and kept in .out.mkv.brushflow: the same command goes "
            + "on after them\n"
    }

    /// Has reads of the clip end otherwise from some moment on: half-way through the frames, or through the sound that is
    /// read when the chunks are joined.
    private func fail(_ run: StoppedRun, reads fault: String, whileJoining: Bool = false) throws -> CommandRun {
        let path = run.place.path("clip.mp4")
        #expect(try trace(run, ["-P", path, "-e", "trace=read"]).status == 0)
        try FileManager.default.removeItem(atPath: run.place.path("out.mkv"))
        // The last two passes through the file are those.
        let pass = try run.bytes("clip.mp4").count >> 15
        let reads = try libavReads(run)
        try #require(pass > 12 && reads.count >= 2 * pass)
        let from = reads[reads.count - (whileJoining ? pass / 2 : pass * 3 / 2)]
        return try trace(run, ["-P", path, "-e", "trace=read", "-e", "inject=read:\(fault):when=\(from)+"])
    }

    @Test(arguments: [false, true]) func anInputThatCannotBeReadOn(whileJoining: Bool) throws {
        let run = try run()
        let failed = try fail(run, reads: "error=EIO", whileJoining: whileJoining)
        #expect(failed.status == 66)
        #expect(
            try failed.errors
                == "brushflow: error: clip.mp4: cannot be read on: Input/output error; make sure that its disk is there and "
                + "run again" + kept(run))
        #expect(try (run.framesKept("out.mkv") == StoppedRun.frames) == whileJoining)
        try checkRest(run)
    }

    /// The clip ends too early: as it looks to who reads it while it is cut short.
    @Test func anInputThatIsCutShort() throws {
        let run = try run()
        let failed = try fail(run, reads: "retval=0")
        #expect(failed.status == 65)
        #expect(
            try failed.errors.hasPrefix("brushflow: error: clip.mp4: ends after ")
                && failed.errors.hasSuffix("; the file is truncated; fetch it again" + kept(run)), "\(failed.errors)")
        try checkRest(run)
    }

    /// A disk that becomes full, and one that breaks.
    @Test(arguments: [
        ("fsync:error=ENOSPC:when=9+", "No space left on device; free some disk space and run again"),
        ("fsync:error=EIO:when=11+", "Input/output error"),
    ]) func anOutputThatCannotBeWrittenOn(fault: String, words: String) throws {
        let run = try run()
        let failed = try trace(run, ["-e", "trace=fsync", "-e", "inject=\(fault)"])
        #expect(failed.status == 73)
        #expect(try failed.errors == "brushflow: error: out.mkv: cannot write: \(words)" + kept(run))
        try checkRest(run)
    }

    /// The output's directory, and the working directory in it, go away.
    @Test func anOutputDirectoryThatGoesAway() throws {
        let run = try run()
        try FileManager.default.createDirectory(atPath: run.place.path("sub"), withIntermediateDirectories: true)
        let manifest = run.place.path("sub/.out.mkv.brushflow/manifest.json")
        let command = try CommandRun.start(
            CommandRun.brushflow, ["stylize", "clip.mp4", "-o", "sub/out.mkv"] + StoppedRun.words, in: run.place.url)
        func hasBegun() -> Bool {
            (try? String(contentsOfFile: manifest, encoding: .utf8))?.contains("firstPts") == true
        }
        while command.isRunning, !hasBegun() { usleep(1000) }
        rename(run.place.path("sub"), run.place.path("gone"))
        let ended = try command.wait()
        #expect(ended.status == 73)
        #expect(
            ended.errors
                == "brushflow: error: sub/out.mkv: the directory sub does not exist; make it first\n")
        #expect(!run.place.names.contains("sub"))
        // The disk is there again.
        rename(run.place.path("gone"), run.place.path("sub"))
        let rest = try run.run("sub/out.mkv")
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(try run.bytes("sub/out.mkv") == run.bytes("whole.mkv"))
    }
}
