import Dispatch

/// Makes values ahead of their use, in order, on a thread of its own: `make(first)`, `make(first + 1)`, ….
package final class Prefetcher<Value: Sendable>: Sendable {
    private let queue: BoundedQueue<Value>
    private let work = DispatchGroup()

    /// Begins at once.
    ///
    /// - Parameter depth: values that wait at most, besides the one that is being made.
    package init(numbers: Range<Int>, depth: Int, _ make: @escaping @Sendable (Int) throws -> Value) {
        let queue = BoundedQueue<Value>(capacity: depth)
        self.queue = queue
        DispatchQueue(label: "brushflow.prefetch").async(group: work) {
            do {
                for number in numbers { try queue.send(try make(number)) }
                queue.finish()
            } catch {
                queue.fail(error)
            }
        }
    }

    deinit { stop() }

    /// Makes no more, and waits for what is being made.
    package func stop() {
        queue.stop()
        work.wait()
    }

    /// The next value, waited for; nil after the last.
    ///
    /// - Throws: what `make` threw, without waiting until the values before it are taken.
    package func next() throws -> Value? { try queue.receive() }

    /// Seconds that were spent waiting for values so far.
    package var waited: Double { queue.waits.consumer }
}
