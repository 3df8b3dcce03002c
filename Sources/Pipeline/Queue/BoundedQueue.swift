import Foundation
import Tensors

/// Hands elements from one thread to another, holding at most `capacity` of them: a `BoundedQueueState`
/// under a lock and a condition.
///
/// `@unchecked Sendable`: the state is touched only with the condition locked.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var state: BoundedQueueState<Element>
    private var producerWait: Double = 0
    private var consumerWait: Double = 0

    /// Makes an empty queue.
    init(capacity: Int) {
        state = BoundedQueueState(capacity: capacity)
    }

    /// Appends an element, waiting for room.
    ///
    /// - Throws: `PipelineEnd.consumerStopped` or `PipelineEnd.cancelled`.
    func send(_ element: Element) throws {
        condition.lock()
        defer { condition.unlock() }
        while true {
            switch state.offer(element) {
            case .accepted:
                condition.broadcast()
                return
            case .wait: producerWait += wait()
            case .consumerStopped: throw PipelineEnd.consumerStopped
            case .cancelled: throw PipelineEnd.cancelled
            }
        }
    }

    /// The next element, waiting for it; nil once the producer has finished and all was delivered.
    ///
    /// - Throws: the producer's error, or `PipelineEnd.cancelled`.
    func receive() throws -> Element? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            switch state.take() {
            case .element(let element):
                condition.broadcast()
                return element
            case .wait: consumerWait += wait()
            case .finished: return nil
            case .failed(let error): throw error
            case .cancelled: throw PipelineEnd.cancelled
            }
        }
    }

    /// The producer has no more.
    func finish() { change { $0.finish() } }

    /// The producer failed.
    func fail(_ error: any Error) { change { $0.fail(error) } }

    /// The consumer wants no more.
    func stop() { change { $0.stop() } }

    /// The user cancelled.
    func cancel() { change { $0.cancel() } }

    /// Seconds that the producer waited for room and the consumer for elements, so far.
    var waits: (producer: Double, consumer: Double) {
        condition.lock()
        defer { condition.unlock() }
        return (producerWait, consumerWait)
    }

    private func change(_ event: (inout BoundedQueueState<Element>) -> Void) {
        condition.lock()
        event(&state)
        condition.broadcast()
        condition.unlock()
    }

    /// Waits for a change, while a helper may have the core; called with the lock held. Returns the seconds it took.
    private func wait() -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        Crew.shared.wait { condition.wait() }
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }
}
