import Dispatch

/// Links steps to each other as a mode asks for, and remembers the loops and queues that this makes.
final class Assembly {
    /// The loop of one step that runs on a queue of its own.
    struct Loop {
        let name: String
        let run: () throws -> Void
    }

    private let mode: PipelineMode
    private let token: CancellationToken
    private(set) var loops: [Loop] = []
    private(set) var waits: [(name: String, seconds: @Sendable () -> (producer: Double, consumer: Double))] = []

    init(mode: PipelineMode, token: CancellationToken) {
        self.mode = mode
        self.token = token
    }

    /// The consumer itself where all steps run inline; otherwise a queue, whose other end feeds the consumer
    /// in a loop of its own. The queue holds no more than `most`.
    func link<Input>(_ consumer: Consumer<Input>, into name: String, most: Int = .max) -> Consumer<Input> {
        guard case .queued(let capacity) = mode else { return consumer }
        let queue = BoundedQueue<Input>(capacity: min(capacity, most))
        token.onCancel { queue.cancel() }
        waits.append((name, { queue.waits }))
        loops.append(
            Loop(name: name) {
                do {
                    while let value = try queue.receive() { try consumer.accept(value) }
                    try consumer.finish()
                } catch {
                    queue.stop()
                    consumer.fail(error)
                    throw error
                }
            })
        return Consumer(queue)
    }

    /// Throws `PipelineEnd.cancelled` once the run is cancelled: where there is no queue to say so.
    func checkCancellation() throws {
        if token.isCancelled { throw PipelineEnd.cancelled }
    }
}
