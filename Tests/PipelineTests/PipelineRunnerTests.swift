import Foundation
import Pipeline
import Synchronization
import Tensors
import Testing

/// Steps of a toy pipeline over integers; each can be told to fail at one value.
private final class Count: Source {
    let name = "count"
    private var next_ = 0
    private let end: Int
    private let failAt: Int?
    let taken = Mutex(0)

    init(to end: Int, failAt: Int? = nil) {
        self.end = end
        self.failAt = failAt
    }

    func next() throws -> Int? {
        guard next_ < end else { return nil }
        if next_ == failAt { throw BrushflowError(.input, "source") }
        defer { next_ += 1 }
        taken.withLock { $0 += 1 }
        return next_
    }
}

/// Emits each value twice and holds the last back until the end.
private final class Double_: Stage {
    let name = "double"
    private var held: Int?

    func process(_ input: Int, emit: (Int) throws -> Void) throws {
        if let held {
            try emit(held)
            try emit(held)
        }
        held = input
    }

    func finish(emit: (Int) throws -> Void) throws {
        if let held {
            try emit(held)
            try emit(held)
        }
    }
}

private final class Collect: Sink {
    let name = "collect"
    var values: [Int] = []
    var finished = false
    private let failAt: Int?
    private let cancelAt: Int?
    private let token: CancellationToken?

    init(failAt: Int? = nil, cancelAt: Int? = nil, token: CancellationToken? = nil) {
        self.failAt = failAt
        self.cancelAt = cancelAt
        self.token = token
    }

    func accept(_ input: Int) throws {
        if input == failAt { throw BrushflowError(.output, "sink") }
        if input == cancelAt { token?.cancel(.interrupted) }
        values.append(input)
    }

    func finish() { finished = true }
}

/// Notes by how many values it is behind the source.
private final class Behind: Sink {
    let name = "behind"
    let mostWaiting = 1
    var most = 0
    var values = 0
    private let source: Count

    init(_ source: Count) { self.source = source }

    func accept(_ input: Int) throws {
        usleep(200)
        most = max(most, source.taken.withLock { $0 } - values)
        values += 1
    }

    func finish() {}
}

@Suite struct PipelineRunnerTests {
    static let modes: [PipelineMode] = [.inline, .queued(capacity: 1), .queued(capacity: 8)]

    @Test(arguments: modes) func everythingArrivesInOrderAndHeldValuesAreFlushed(mode: PipelineMode) throws {
        let sink = Collect()
        try PipelineRunner(mode: mode).run(Chain(Count(to: 100)).then(Double_()).then(Double_()), into: sink)
        #expect(sink.values == (0..<100).flatMap { [$0, $0, $0, $0] })
        #expect(sink.finished)
    }

    @Test(arguments: modes) func aFailingSourceEndsTheRunWithItsError(mode: PipelineMode) {
        let sink = Collect()
        #expect(throws: BrushflowError(.input, "source")) {
            try PipelineRunner(mode: mode).run(Chain(Count(to: 100, failAt: 50)).then(Double_()), into: sink)
        }
        #expect(!sink.finished)
    }

    @Test(arguments: modes) func aFailingSinkStopsTheSource(mode: PipelineMode) {
        let source = Count(to: 1_000_000)
        let sink = Collect(failAt: 10)
        #expect(throws: BrushflowError(.output, "sink")) {
            try PipelineRunner(mode: mode).run(Chain(source).then(Double_()), into: sink)
        }
        let bound = PipelineRunner(mode: mode).maximumInFlight(stages: 1, held: 1)
        #expect(source.taken.withLock { $0 } <= 10 + 1 + bound)
        #expect(!sink.finished)
    }

    @Test(arguments: modes) func cancellingEndsTheRunWithItsReason(mode: PipelineMode) {
        let token = CancellationToken()
        let source = Count(to: 1_000_000)
        let sink = Collect(cancelAt: 10, token: token)
        #expect(throws: BrushflowError(.interrupted, "interrupted")) {
            try PipelineRunner(mode: mode, token: token).run(Chain(source).then(Double_()), into: sink)
        }
        #expect(source.taken.withLock { $0 } < 1000)
        #expect(!sink.finished)
    }

    @Test func aTokenCancelledBeforeTheRunEndsItAtOnce() {
        let token = CancellationToken()
        token.cancel(.terminated)
        #expect(throws: BrushflowError(.terminated, "terminated")) {
            try PipelineRunner(mode: .queued(capacity: 2), token: token).run(Chain(Count(to: 9)), into: Collect())
        }
    }

    /// A sink may have fewer values wait for it than the queues hold.
    @Test func aSinkBoundsWhatWaitsForIt() throws {
        let source = Count(to: 100)
        let sink = Behind(source)
        try PipelineRunner(mode: .queued(capacity: 8)).run(Chain(source), into: sink)
        // One in the source's hands, one that waits, and the sink's own.
        #expect(sink.most <= 3 && sink.values == 100)
    }

    @Test func frameInFlightBoundCountsQueuesAndHands() {
        #expect(PipelineRunner(mode: .inline).maximumInFlight(stages: 2) == 1)
        #expect(PipelineRunner(mode: .queued(capacity: 4)).maximumInFlight(stages: 2, held: 1) == 17)
    }
}
