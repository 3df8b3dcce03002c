import Foundation
import Pipeline
import Tensors
import Testing

@Suite struct LearnJobTests {
    private let folder: URL
    private let painting = URL(fileURLWithPath: #filePath).appendingPathComponent(
        "../../../../Fixtures/styles/swirl.jpg"
    ).standardized.path

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-job-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func request(_ name: String) throws -> LearnRequest {
        let output = folder.appendingPathComponent("\(name).safetensors").path
        var request = LearnRequest(styles: [try LearnStyle(argument: "a=\(painting)")], output: output)
        (request.side, request.batch, request.budget) = (32, 2, .steps(12))
        return request
    }

    /// Wherever it is stopped, a run that goes on ends with the bytes of one that was not.
    @Test func aStoppedRunEndsAsIfItHadNotStopped() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let whole = try request("whole")
        #expect(try LearnJob(whole).run().steps == 12)
        var parts = try request("parts")
        let (token, monitor) = (CancellationToken(), RunMonitor())
        let watcher = Thread {
            while monitor.snapshot.frames < 3 { usleep(1000) }
            token.cancel()
        }
        watcher.start()
        do {
            _ = try LearnJob(parts, token: token).run(monitor: monitor)
        } catch let error as BrushflowError {
            #expect(error == BrushflowError(.interrupted, "interrupted"))
            parts.resumes = true
            let resumed = RunMonitor()
            _ = try LearnJob(parts).run(monitor: resumed)
            #expect(resumed.snapshot.framesBefore >= 3)
        }
        func bytes(_ request: LearnRequest) throws -> Data {
            try Data(contentsOf: URL(fileURLWithPath: request.output))
        }
        #expect(try bytes(whole) == bytes(parts))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(
            left == [
                "parts.loss.csv", "parts.loss.svg", "parts.safetensors", "whole.loss.csv", "whole.loss.svg",
                "whole.safetensors",
            ])
    }
}
