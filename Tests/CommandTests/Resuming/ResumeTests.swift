import Foundation
import Testing

/// A run that was stopped goes on when it is started again, and its result is that of a run that was not.
@Suite struct ResumeTests {
    @Test(arguments: ["mp4", "mkv"]) func aKilledRunGoesOnToTheSameFile(container: String) throws {
        let run = try StoppedRun()
        let output = "out.\(container)"
        let whole = try run.run("whole.\(container)", "--threads", "1")
        #expect(whole.status == 0 && whole.errors == "")
        for chunks in [2, 3] {
            _ = try run.stop(output, by: SIGKILL, atFrames: chunks * StoppedRun.chunk)
            #expect(run.place.names.contains(".\(output).brushflow") && !run.place.names.contains(output))
        }
        let kept = try run.framesKept(output)
        let rest = try run.run(output, "--set", "run.queueDepth=1")
        #expect(rest.status == 0)
        #expect(try StoppedRun.member("frames", of: rest) == "110")
        #expect(try StoppedRun.member("framesBefore", of: rest) == "\(kept)" && kept >= 75)
        #expect(try StoppedRun.member("framesDigest", of: rest) == StoppedRun.member("framesDigest", of: whole))
        #expect(
            rest.output.contains("\"notes\":[\"\(output): \(kept) of the frames were finished by an earlier run\"]"))
        #expect(try run.bytes(output) == run.bytes("whole.\(container)"))
        #expect(run.place.names == ["clip.mp4", output, "whole.\(container)"].sorted())
        #expect(try run.place.frameChecksums(output).count == StoppedRun.frames)
    }

    @Test(arguments: [(SIGINT, Int32(130), "interrupted"), (SIGTERM, Int32(143), "terminated")])
    func aSignalKeepsWhatIsFinished(signal: Int32, code: Int32, word: String) throws {
        let run = try StoppedRun()
        let stopped = try run.stop("out.mp4", by: signal)
        #expect(stopped.status == code)
        let kept = try run.framesKept("out.mp4")
        #expect(
            stopped.errors
                == "brushflow: error: \(word); \(kept) of 110 frames are finished and kept in .out.mp4.brushflow: the same "
                + "command goes on after them\n")
        let rest = try run.run("out.mp4")
        #expect(rest.status == 0)
        #expect(try StoppedRun.member("framesBefore", of: rest) == "\(kept)")
    }

    @Test func otherSettingsAreRefusedAndRestartBeginsAnew() throws {
        let run = try StoppedRun()
        _ = try run.stop("out.mp4", by: SIGKILL)
        let kept = try run.framesKept("out.mp4")
        let refused = try run.run("out.mp4", "--seed", "7", "--crf", "30")
        #expect(refused.status == 64)
        #expect(
            refused.errors
                == "brushflow: error: out.mp4: a run of it was begun with other settings: --seed was 0, is 7; encode.crf was "
                + "auto, is 30; give those of then, or give --restart to begin anew (\(kept) finished frames are lost)\n"
        )
        #expect(try run.framesKept("out.mp4") == kept)
        let anew = try run.run("out.mp4", "--seed", "7", "--crf", "30", "--restart")
        #expect(anew.status == 0)
        #expect(try StoppedRun.member("framesBefore", of: anew) == "0")
        #expect(run.place.names == ["clip.mp4", "out.mp4"])
    }

    @Test func aChangedInputIsRefused() throws {
        let run = try StoppedRun()
        _ = try run.stop("out.mp4", by: SIGKILL)
        var bytes = try run.bytes("clip.mp4")
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: run.place.url.appendingPathComponent("clip.mp4"))
        let refused = try run.run("out.mp4")
        #expect(refused.status == 64)
        #expect(
            refused.errors.hasPrefix(
                "brushflow: error: out.mp4: a run of it was begun with another input: clip.mp4 had other content; "))
    }

    @Test func theSecondRunOnATargetIsRefused() throws {
        let run = try StoppedRun()
        let first = try run.start("out.mp4")
        first.signal(SIGSTOP)
        let second = try run.run("out.mp4")
        let status = try CommandRun.brushflow("status", "out.mp4", in: run.place.url)
        first.signal(SIGCONT)
        #expect(second.status == 73)
        #expect(
            second.errors
                == "brushflow: error: out.mp4: another run is at work on it (it holds .out.mp4.brushflow); wait for its end, "
                + "or give another output\n")
        #expect(status.output.hasPrefix("out.mp4: running; "))
        #expect(try first.wait().status == 0)
        #expect(run.place.names == ["clip.mp4", "out.mp4"])
    }

    @Test func statusTellsWhatIsDone() throws {
        let run = try StoppedRun()
        func status(_ more: String...) throws -> CommandRun {
            try CommandRun.run(CommandRun.brushflow, ["status", "out.mp4"] + more, in: run.place.url)
        }
        let none = try status()
        #expect(none.status == 66)
        #expect(
            none.errors
                == "brushflow: error: out.mp4: no run of it was begun here; `brushflow stylize INPUT -o out.mp4` begins one\n"
        )
        _ = try run.stop("out.mp4", by: SIGKILL, atFrames: 50)
        let kept = try run.framesKept("out.mp4")
        let lines = try status().output.split(separator: "\n")
        try #require(lines.count == 4)
        #expect(lines[0] == "out.mp4: stopped; \(kept) of 110 frames in \(kept / 25) chunks (\(100 * kept / 110) %)")
        #expect(lines[1] == "input: clip.mp4; style: swirl")
        #expect(lines[2].hasPrefix("kept in .out.mp4.brushflow: "))
        #expect(lines[3] == "the same command as before goes on; --restart begins anew")
        let json = try status("--json").output
        #expect(
            json.hasPrefix(
                "{\"event\":\"status\",\"target\":\"out.mp4\",\"state\":\"stopped\",\"directory\":\".out.mp4.brushflow\","
                    + "\"input\":\"clip.mp4\",\"frames\":\(kept),\"expectedFrames\":110,\"chunkFrames\":[25,25"))
        #expect(try run.run("out.mp4").status == 0)
        #expect(try status().output == "out.mp4: finished; nothing is under way\n")
    }

    /// Frames of a directory are finished chunk by chunk too; those of the chunk that was cut off are written again.
    @Test func aDirectoryOfFramesGoesOn() throws {
        let run = try StoppedRun()
        #expect(try run.run("whole/").status == 0)
        _ = try run.stop("out/", by: SIGKILL, atFrames: 50)
        let kept = try run.framesKept("out")
        let rest = try run.run("out/")
        #expect(rest.status == 0)
        #expect(try StoppedRun.member("framesBefore", of: rest) == "\(kept)")
        #expect(kept >= 50 && run.place.names == ["clip.mp4", "out", "whole"])
        let names = try FileManager.default.contentsOfDirectory(atPath: run.place.path("whole")).sorted()
        #expect(names.count == 110)
        #expect(try FileManager.default.contentsOfDirectory(atPath: run.place.path("out")).sorted() == names)
        for name in names { #expect(try run.bytes("out/\(name)") == run.bytes("whole/\(name)")) }
    }
}
