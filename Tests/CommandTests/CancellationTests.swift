import Foundation
import Testing

/// What is left of a run that was stopped, or that failed.
@Suite struct CancellationTests {
    private let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path

    @Test(arguments: [(SIGINT, Int32(130), "interrupted"), (SIGTERM, Int32(143), "terminated")])
    func aSignalEndsTheRunAndNothingIsLeft(signal: Int32, code: Int32, word: String) throws {
        let place = try Workplace()
        let words = ["stylize", clip, "-o", "out.mp4", "--style", "swirl", "--pipeline", "best", "--json"]
        let command = try CommandRun.start(
            CommandRun.brushflow, words, in: place.url, environment: ["BRUSHFLOW_TRACE_HANDLES": "1"])
        // The output's temporary file appears when the stages begin.
        while place.names.isEmpty, command.isRunning { usleep(20_000) }
        command.signal(signal)
        let run = try command.wait()
        #expect(run.status == code)
        #expect(run.errors == "brushflow: error: \(word)\nhandles alive: 0\n")
        #expect(place.names == [])
    }

    @Test(arguments: [
        ["--set", "stylize.steps=0"], ["--set", "stylize.steps=0", "--codec", "hevc", "--set", "run.mode=inline"],
    ])
    func aFinishedRunHasFreedEveryHandle(more: [String]) throws {
        let place = try Workplace()
        let run = try CommandRun.run(
            CommandRun.brushflow, ["stylize", clip, "-o", "out.mp4", "--style", "swirl", "--json"] + more,
            in: place.url,
            environment: ["BRUSHFLOW_TRACE_HANDLES": "1"])
        #expect(run.status == 0)
        #expect(run.errors == "handles alive: 0\n")
        #expect(place.names == ["out.mp4"])
    }

    @Test func aFailedRunHasFreedEveryHandle() throws {
        let place = try Workplace()
        let data = try Data(contentsOf: URL(fileURLWithPath: clip))
        try data.prefix(data.count / 2).write(to: place.url.appendingPathComponent("cut.mp4"))
        let run = try CommandRun.run(
            CommandRun.brushflow,
            ["stylize", "cut.mp4", "-o", "out.mp4", "--style", "swirl", "--set", "stylize.steps=0"],
            in: place.url, environment: ["BRUSHFLOW_TRACE_HANDLES": "1"])
        #expect(run.status == 65)
        #expect(run.errors.hasSuffix("handles alive: 0\n"))
        #expect(place.names == ["cut.mp4"])
    }
}
