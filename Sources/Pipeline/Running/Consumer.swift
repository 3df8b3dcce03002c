import Tensors

/// The receiving end that a step hands its output to: the next step itself, or a queue before it.
struct Consumer<Input: Sendable> {
    let accept: (Input) throws -> Void
    let finish: () throws -> Void
    /// Passes an error on, so that the steps after this one end too.
    let fail: (any Error) -> Void

    /// Feeds a sink.
    init(_ sink: some Sink<Input>) {
        accept = sink.accept
        finish = sink.finish
        fail = { _ in }
    }

    /// Feeds a stage whose output goes to `next`: the crew knows that it computes meanwhile.
    init<Output>(_ stage: some Stage<Input, Output>, _ next: Consumer<Output>) {
        accept = { input in
            try Crew.shared.compute { try stage.process(input, emit: next.accept) }
        }
        finish = {
            try stage.finish(emit: next.accept)
            try next.finish()
        }
        fail = next.fail
    }

    /// Feeds a queue.
    init(_ queue: BoundedQueue<Input>) {
        accept = queue.send
        finish = queue.finish
        fail = queue.fail
    }
}
