import Foundation
import Pipeline
import Tensors
import Testing
import Training

/// A run of steps around its trainer: order, checkpoints, stopping and going on.
@Suite struct LearnLoopTests {
    /// Remembers what it saw; may cancel a token at a step.
    private struct Trainer: StepTrainer {
        let lossNames = ["total", "part"]
        var state = ["seen": Tensor([2], [1, 0])]
        var stopping: (step: Int, token: CancellationToken)?

        mutating func step(_ number: Int, batch: [TrainingPair]) throws -> [Float] {
            if let stopping, stopping.step == number { stopping.token.cancel() }
            let brightness = batch.reduce(0) { $0 + $1.earlier.values.reduce(0, +) }
            let seen = state["seen"]?.values ?? []
            state["seen"] = Tensor([2], [seen[0] * 0.9 + brightness * Float(number + 1), seen[1] + 1])
            return [10 / Float(number + 1), brightness]
        }
    }

    private let folder: URL
    private let pairs = PairSequence(pictures: DrawnPictures(count: 2, side: 32, seed: 1), side: 16, batch: 2, seed: 4)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-learn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private var file: String { folder.appendingPathComponent("state.safetensors").path }

    private func checkpoint(size: Int = 16) throws -> LearnCheckpoint {
        var request = LearnRequest(styles: [try LearnStyle(argument: "a.jpg")], output: "a.safetensors")
        request.side = size
        return LearnCheckpoint(path: file, recipe: LearnRecipe(request, pictures: 2))
    }

    private func loop(_ token: CancellationToken = CancellationToken(), every seconds: Double = 1000) throws
        -> LearnLoop<PairSequence>
    {
        LearnLoop(
            batches: pairs, checkpoint: try checkpoint(), pool: TensorPool(), token: token,
            secondsBetweenCheckpoints: seconds)
    }

    /// Stopped in the middle and gone on with, a run ends with the same bits.
    @Test func aRunThatWasStoppedGoesOn() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var (whole, history) = (Trainer(), LossHistory(names: ["total", "part"]))
        _ = try loop().run(&whole, history: &history, steps: 9, monitor: RunMonitor())
        #expect(history.rows.count == 9 && whole.state["seen"]?.values[1] == 9)

        let token = CancellationToken()
        var (first, begun) = (Trainer(stopping: (step: 3, token: token)), LossHistory(names: ["total", "part"]))
        #expect(throws: BrushflowError(.interrupted, "interrupted")) {
            _ = try loop(token).run(&first, history: &begun, steps: 9, monitor: RunMonitor())
        }
        var second = Trainer()
        var kept = try checkpoint().read(like: second.state, names: second.lossNames)
        #expect(kept.steps == 9 && kept.history.rows.count == 4)
        second.state = kept.state
        let monitor = RunMonitor()
        _ = try loop().run(&second, history: &kept.history, steps: kept.steps, monitor: monitor)
        #expect(second.state == whole.state && kept.history == history)
        #expect(monitor.snapshot.frames == 9 && monitor.snapshot.framesBefore == 4)
    }

    @Test func theStateIsKeptMeanwhile() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var (trainer, history) = (Trainer(), LossHistory(names: ["total", "part"]))
        _ = try loop(every: 0).run(&trainer, history: &history, steps: 3, monitor: RunMonitor())
        let kept = try checkpoint().read(like: trainer.state, names: trainer.lossNames)
        #expect(kept.history == history && kept.state == trainer.state)
        try checkpoint().remove()
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func aCheckpointOfAnotherRunIsRefused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var (trainer, history) = (Trainer(), LossHistory(names: ["total", "part"]))
        _ = try loop(every: 0).run(&trainer, history: &history, steps: 2, monitor: RunMonitor())
        let message =
            "\(file): was written by a run with --size 16, but this one has 32; give the same options, or leave "
            + "--resume out"
        #expect(throws: BrushflowError(.usage, message)) {
            _ = try checkpoint(size: 32).read(like: trainer.state, names: trainer.lossNames)
        }
        #expect(throws: BrushflowError(.content, "\(file): is no checkpoint of `brushflow learn`; leave --resume out"))
        {
            _ = try checkpoint().read(like: trainer.state, names: ["total"])
        }
    }

    /// The number of steps is found with a copy, so the trainer itself is not changed; it is never 0.
    @Test func aTimeBecomesSteps() throws {
        let trainer = Trainer()
        let (none, some) = (try loop().steps(in: 0, trainer), try loop().steps(in: 1e12, trainer))
        #expect(none == 1 && some == 1_000_000_000)
        #expect(trainer.state["seen"]?.values == [1, 0])
    }

    /// Batches that end with a fault.
    private struct FailingBatches: BatchSequence {
        static let fault = BrushflowError(.input, "photos: none of them can be read any more")
        let batches: PairSequence

        func batch(_ number: Int, pool: TensorPool?) throws -> [TrainingPair] {
            guard number < 3 else { throw Self.fault }
            return try batches.batch(number, pool: pool)
        }
    }

    @Test func batchesThatFailWhileStepsAreTimedEndTheRun() throws {
        let loop = LearnLoop(
            batches: FailingBatches(batches: pairs), checkpoint: try checkpoint(), pool: TensorPool(),
            token: CancellationToken())
        #expect(throws: FailingBatches.fault) { _ = try loop.steps(in: 10, Trainer()) }
    }
}
