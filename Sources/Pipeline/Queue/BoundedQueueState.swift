/// What a bounded queue knows, as a pure state machine: every event returns what its caller has to do, and
/// nothing here waits.
///
/// A queue ends in one of four ways: the producer finishes (what is queued is still delivered), the producer
/// fails (what is queued is dropped and the consumer gets the error), the consumer stops (the producer is
/// told so), or the user cancels (both are told so).
package struct BoundedQueueState<Element> {
    /// What the producer does after offering an element.
    package enum Offer {
        case accepted
        case wait
        case consumerStopped
        case cancelled
    }

    /// What the consumer does after asking for an element.
    package enum Delivery {
        case element(Element)
        case wait
        case finished
        case failed(any Error)
        case cancelled
    }

    private enum Ending {
        case finished
        case failed(any Error)
        case consumerStopped
        case cancelled
    }

    private let capacity: Int
    private var elements: [Element] = []
    private var ending: Ending?

    /// Makes an empty queue that holds up to `capacity` elements, at least 1.
    package init(capacity: Int) {
        precondition(capacity >= 1, "a queue of capacity \(capacity)")
        self.capacity = capacity
    }

    /// The number of elements queued now.
    package var count: Int { elements.count }

    /// The producer offers an element.
    package mutating func offer(_ element: Element) -> Offer {
        switch ending {
        case .cancelled: return .cancelled
        case .consumerStopped: return .consumerStopped
        case .finished, .failed: preconditionFailure("an element was offered after the producer's end")
        case nil: break
        }
        guard elements.count < capacity else { return .wait }
        elements.append(element)
        return .accepted
    }

    /// The consumer asks for an element.
    package mutating func take() -> Delivery {
        switch ending {
        case .cancelled, .consumerStopped: return .cancelled
        case .failed(let error): return .failed(error)
        case .finished where elements.isEmpty: return .finished
        case .finished, nil: break
        }
        guard !elements.isEmpty else { return .wait }
        return .element(elements.removeFirst())
    }

    /// The producer has no more.
    package mutating func finish() { end(.finished) }

    /// The producer failed.
    package mutating func fail(_ error: any Error) {
        elements.removeAll()
        end(.failed(error))
    }

    /// The consumer wants no more.
    package mutating func stop() {
        elements.removeAll()
        end(.consumerStopped)
    }

    /// The user cancelled.
    package mutating func cancel() {
        elements.removeAll()
        end(.cancelled)
    }

    /// The first ending stays, except that a finished producer's elements can still be refused or cancelled.
    private mutating func end(_ new: Ending) {
        switch ending {
        case nil, .finished: ending = new
        case .failed, .consumerStopped, .cancelled: break
        }
    }
}
