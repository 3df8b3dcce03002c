import Foundation
import Testing

/// Whatever ends a run, it says so in a sentence, and what is finished is kept.
@Suite struct FaultTests {
    /// The result is larger than a file may be here, its chunks are not: as on a disk that is full at the end.
    @Test func aDiskThatIsFullAtTheEndLosesNothing() throws {
        let run = try StoppedRun()
        let whole = try run.run("whole.mp4")
        #expect(whole.status == 0)
        let limit = try run.bytes("whole.mp4").count / 1024 - 4
        let words = ["stylize", "clip.mp4", "-o", "out.mp4"] + StoppedRun.words
        let script = "ulimit -f \(limit); exec \"$0\" \"$@\""
        let full = try CommandRun.run("/bin/bash", ["-c", script, CommandRun.brushflow] + words, in: run.place.url)
        #expect(full.status == 73)
        #expect(
            full.errors
                == "brushflow: error: out.mp4: cannot write: File too large; free some disk space and run again; 110 of 110 "
                + "frames are finished and kept in .out.mp4.brushflow: the same command goes on after them\n")
        #expect(!run.place.names.contains("out.mp4"))
        let status = try CommandRun.brushflow("status", "out.mp4", in: run.place.url)
        #expect(
            status.output.hasPrefix(
                "out.mp4: stopped; 110 of 110 frames in 5 chunks (100 %); all painted, to be joined\n"))
        try run.copy(".out.mp4.brushflow", to: "kept")
        let rest = try run.run("out.mp4")
        #expect(rest.status == 0)
        #expect(try StoppedRun.member("framesBefore", of: rest) == "110")
        #expect(try StoppedRun.member("framesDigest", of: rest) == StoppedRun.member("framesDigest", of: whole))
        #expect(try run.bytes("out.mp4") == run.bytes("whole.mp4"))
        try killBeforeTidyingUp(run)
    }

    /// A run that is killed after its result got its name has nothing left to do but to tidy up; another file under that name
    /// is no result.
    private func killBeforeTidyingUp(_ run: StoppedRun) throws {
        try run.copy("kept", to: ".out.mp4.brushflow")
        #expect(try run.run("out.mp4").status == 73)
        var status = stat()
        stat(run.place.path("out.mp4"), &status)
        let manifest = ".out.mp4.brushflow/manifest.json"
        let text = String(decoding: try run.bytes(manifest), as: UTF8.self).replacing(
            "\"damagedPackets\" : 0",
            with: "\"damagedPackets\" : 0, \"result\" : {\"device\" : \(status.st_dev), \"inode\" : \(status.st_ino), "
                + "\"size\" : \(status.st_size)}")
        try run.place.write(text, to: manifest)
        let done = try run.run("out.mp4")
        #expect(done.status == 0 && done.errors == "")
        #expect(try StoppedRun.member("frames", of: done) == "110")
        #expect(try run.bytes("out.mp4") == run.bytes("whole.mp4"))
        #expect(run.place.names == ["clip.mp4", "kept", "out.mp4", "whole.mp4"])
    }

    /// Nothing is finished where not even the first chunk can be kept, and nothing is left.
    @Test func aDiskThatIsFullAtOnceLeavesNothing() throws {
        let run = try StoppedRun()
        let words = ["stylize", "clip.mp4", "-o", "out.mp4"] + StoppedRun.words
        let script = "ulimit -f 8; exec \"$0\" \"$@\""
        let full = try CommandRun.run("/bin/bash", ["-c", script, CommandRun.brushflow] + words, in: run.place.url)
        #expect(full.status == 73)
        #expect(
            full.errors
                == "brushflow: error: out.mp4: cannot write: File too large; free some disk space and run again\n")
        #expect(run.place.names == ["clip.mp4"])
    }

    /// The limit on damage is no setting that frames depend on: a run that it ended goes on with a higher one.
    @Test func damageInTheMiddleIsCountedOnce() throws {
        let run = try StoppedRun()
        try run.place.ffmpeg("-f lavfi -i mandelbrot=s=64x48:r=25 -t 4.4 -c:v mjpeg", to: "whole.mkv")
        var bytes = try run.bytes("whole.mkv")
        // The marker that starts every JPEG picture.
        var starts: [Int] = []
        while let found = bytes.range(of: Data([0xFF, 0xD8, 0xFF]), in: (starts.last ?? 0) + 3..<bytes.count) {
            starts.append(found.lowerBound)
        }
        try #require(starts.count == 110)
        for start in starts[30..<33] + starts[90..<92] { for offset in 0..<400 { bytes[start + offset] = 0 } }
        try FileManager.default.removeItem(atPath: run.place.path("whole.mkv"))
        try bytes.write(to: run.place.url.appendingPathComponent("clip.mp4"))
        let free = ["--set", "limits.damagedPackets=1000"]
        let whole = try run.run("whole.mkv", words: StoppedRun.words + free)
        #expect(whole.status == 0)
        #expect(try StoppedRun.member("damagedPackets", of: whole) == "5")
        let refused = try run.run("out.mkv", words: StoppedRun.words + ["--set", "limits.damagedPackets=3"])
        #expect(refused.status == 65)
        #expect(
            refused.errors.contains(" over the limit of 3; ")
                && refused.errors.contains(" frames are finished and kept in "))
        let rest = try run.run("out.mkv", words: StoppedRun.words + free)
        #expect(rest.status == 0)
        #expect(try StoppedRun.member("damagedPackets", of: rest) == "5")
        #expect(try run.bytes("out.mkv") == run.bytes("whole.mkv"))
    }

    @Test func aWorkingDirectoryThatGoesAwayIsSaid() throws {
        let run = try StoppedRun()
        let command = try run.start("out.mp4")
        // The run may write a file between the emptying of its directory and the removal.
        let directory = run.place.path(".out.mp4.brushflow")
        while FileManager.default.fileExists(atPath: directory) {
            try? FileManager.default.removeItem(atPath: directory)
        }
        let ended = try command.wait()
        #expect(ended.status == 73)
        #expect(
            ended.errors.hasPrefix(
                "brushflow: error: out.mp4: its working directory .out.mp4.brushflow is gone; make sure that the disk is "
            ))
        #expect(run.place.names == ["clip.mp4"])
    }

    @Test func aSymbolicLinkAsWorkingDirectoryIsRefused() throws {
        let run = try StoppedRun()
        symlink(run.place.path("."), run.place.path(".out.mp4.brushflow"))
        let refused = try run.run("out.mp4")
        #expect(refused.status == 73)
        #expect(
            refused.errors
                == "brushflow: error: out.mp4: the working directory .out.mp4.brushflow is no directory of its own; remove "
                + "it, or give another output\n")
        #expect(run.place.names == [".out.mp4.brushflow", "clip.mp4"])
    }
}
