import Testing

import Pipeline

@Suite struct BoundedQueueStateTests {
    private struct Fault: Error {}

    @Test func holdsUpToItsCapacityInOrder() {
        var state = BoundedQueueState<Int>(capacity: 2)
        #expect(state.offer(1).isAccepted)
        #expect(state.offer(2).isAccepted)
        #expect(state.offer(3).isWait)
        #expect(state.take().element == 1)
        #expect(state.offer(3).isAccepted)
        #expect(state.take().element == 2)
        #expect(state.take().element == 3)
        #expect(state.take().isWait)
    }

    @Test func finishingDeliversWhatIsQueuedFirst() {
        var state = BoundedQueueState<Int>(capacity: 2)
        _ = state.offer(1)
        state.finish()
        #expect(state.take().element == 1)
        #expect(state.take().isFinished)
        #expect(state.take().isFinished)
    }

    @Test func failingDropsWhatIsQueued() {
        var state = BoundedQueueState<Int>(capacity: 2)
        _ = state.offer(1)
        state.fail(Fault())
        #expect(state.count == 0)
        #expect(state.take().error is Fault)
    }

    @Test func aStoppedConsumerRefusesEvenAFullQueue() {
        var state = BoundedQueueState<Int>(capacity: 1)
        _ = state.offer(1)
        state.stop()
        #expect(state.offer(2).isConsumerStopped)
        #expect(state.count == 0)
    }

    @Test func cancellingTellsBothSides() {
        var state = BoundedQueueState<Int>(capacity: 1)
        _ = state.offer(1)
        state.cancel()
        #expect(state.offer(2).isCancelled)
        #expect(state.take().isCancelled)
    }

    @Test func cancellingAfterTheProducersEndStillEndsTheConsumer() {
        var state = BoundedQueueState<Int>(capacity: 1)
        _ = state.offer(1)
        state.finish()
        state.cancel()
        #expect(state.take().isCancelled)
    }

    @Test func theFirstFailureStays() {
        var state = BoundedQueueState<Int>(capacity: 1)
        state.fail(Fault())
        state.cancel()
        #expect(state.take().error is Fault)
    }
}

extension BoundedQueueState.Offer {
    fileprivate var isAccepted: Bool { if case .accepted = self { true } else { false } }
    fileprivate var isWait: Bool { if case .wait = self { true } else { false } }
    fileprivate var isConsumerStopped: Bool { if case .consumerStopped = self { true } else { false } }
    fileprivate var isCancelled: Bool { if case .cancelled = self { true } else { false } }
}

extension BoundedQueueState.Delivery {
    fileprivate var element: Element? { if case .element(let element) = self { element } else { nil } }
    fileprivate var error: (any Error)? { if case .failed(let error) = self { error } else { nil } }
    fileprivate var isWait: Bool { if case .wait = self { true } else { false } }
    fileprivate var isFinished: Bool { if case .finished = self { true } else { false } }
    fileprivate var isCancelled: Bool { if case .cancelled = self { true } else { false } }
}
