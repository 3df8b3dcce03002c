import Dispatch
import Foundation
import Tensors
import Training

/// Takes a trainer through its steps: batches are prepared ahead, the state is kept every few minutes and where the run is
/// stopped, and the losses are written down.
package struct LearnLoop<Batches: BatchSequence> {
    private let batches: Batches
    private let checkpoint: LearnCheckpoint
    private let pool: TensorPool
    private let token: CancellationToken
    private let secondsBetweenCheckpoints: Double

    /// Batches that wait.
    private static var depth: Int { 2 }
    /// Steps that are timed, behind one that meets cold caches: what a fit paints before its pairs is the same every seventh.
    private static var timed: Int { 7 }

    /// Prepares a run.
    package init(
        batches: Batches, checkpoint: LearnCheckpoint, pool: TensorPool, token: CancellationToken,
        secondsBetweenCheckpoints: Double = 120
    ) {
        self.batches = batches
        self.checkpoint = checkpoint
        self.pool = pool
        self.token = token
        self.secondsBetweenCheckpoints = secondsBetweenCheckpoints
    }

    /// A trainer at its beginning, or as the checkpoint has it, its losses so far, and how many steps there will be.
    ///
    /// - Parameters:
    ///   - make: gives a trainer at its beginning that will take a number of steps.
    ///   - announce: is told where the run goes on, or what a time turns out to be.
    /// - Throws: as `LearnCheckpoint.read` and `steps`.
    func begin<Trainer: StepTrainer<Batches.Batch>>(
        _ request: some LearningRequest, announce: (String) -> Void, _ make: (_ steps: Int) -> Trainer
    ) throws -> (trainer: Trainer, history: LossHistory, steps: Int) {
        let fresh = make(1)
        if request.resumes {
            let kept = try checkpoint.read(like: fresh.state, names: fresh.lossNames)
            var trainer = make(max(1, kept.steps))
            trainer.state = kept.state
            announce("going on after step \(kept.history.rows.count) of \(kept.steps)")
            return (trainer, kept.history, kept.steps)
        }
        let steps: Int
        switch request.budget {
        case .steps(let count): steps = count
        case .seconds(let seconds):
            steps = min(try self.steps(in: seconds, fresh), LearnBudget.mostSteps)
            announce(
                "the time is \(steps) steps on this machine; \(request.budgetOptions.steps) \(steps) gives the same "
                    + "file again")
        }
        return (make(max(1, steps)), LossHistory(names: fresh.lossNames), steps)
    }

    /// How many steps a copy of a trainer would take in a time, what finding out takes included; at least 1.
    package func steps(in seconds: Double, _ trainer: some StepTrainer<Batches.Batch>) throws -> Int {
        let start = Self.now
        var trainer = trainer
        var durations: [Double] = []
        // Batches are prepared beside the steps, as they will be: that takes a quarter of the processor time.
        let prefetcher = prefetcher(0..<Int.max)
        defer { prefetcher.stop() }
        for number in 0...Self.timed {
            let begin = Self.now
            guard let batch = try prefetcher.next() else { break }
            _ = try trainer.step(number, batch: batch)
            if number > 0 { durations.append(Self.now - begin) }
            try token.check()
        }
        let median = durations.sorted()[Self.timed / 2]
        // Beyond a billion steps nobody waits, and the number has to fit.
        return Int(max(1, min((seconds - (Self.now - start)) / max(median, 1e-6), 1e9)).rounded())
    }

    /// Takes the steps that are left after those in `history`.
    ///
    /// - Returns: seconds spent waiting for batches.
    /// - Throws: what reading pictures or writing checkpoints throws; where the token was cancelled, its reason, after the
    ///   checkpoint was written.
    package func run(
        _ trainer: inout some StepTrainer<Batches.Batch>, history: inout LossHistory, steps: Int, monitor: RunMonitor
    ) throws -> Double {
        let first = history.rows.count
        let prefetcher = prefetcher(first..<max(first, steps))
        defer { prefetcher.stop() }
        monitor.begin(expectedSteps: steps, done: first) {
            [PipelineRunner.Waits(name: "batches", forInput: prefetcher.waited, forRoom: 0)]
        }
        // The first one shows that it can be written.
        var kept = -Double.infinity
        while history.rows.count < steps, let batch = try prefetcher.next() {
            let losses = try trainer.step(history.rows.count, batch: batch)
            guard losses.allSatisfy(\.isFinite) else {
                throw BrushflowError(
                    .content,
                    "learning failed at step \(history.rows.count + 1): the loss is no number any more; try another --seed"
                )
            }
            history.append(losses)
            monitor.count(figures: ["loss": Double(losses[0])])
            let isDue = Self.now - kept > secondsBetweenCheckpoints
            guard isDue || token.isCancelled else { continue }
            try checkpoint.write(trainer.state, history: history, steps: steps)
            kept = Self.now
            try token.check()
        }
        return prefetcher.waited
    }

    private func prefetcher(_ numbers: Range<Int>) -> Prefetcher<Batches.Batch> {
        Prefetcher(numbers: numbers, depth: Self.depth) { [batches, pool] number in
            try batches.batch(number, pool: pool)
        }
    }

    private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}
