/// The last step of a pipeline.
package protocol Sink<Input>: AnyObject {
    /// What it takes.
    associatedtype Input: Sendable

    /// One word, for progress and messages.
    var name: String { get }

    /// The most values that may wait for it, where that shall be fewer than the mode's queues hold; at least 1.
    var mostWaiting: Int { get }

    /// Takes one value.
    func accept(_ input: Input) throws

    /// Completes the result; called once, after the last value, only where nothing failed.
    func finish() throws
}

extension Sink {
    package var mostWaiting: Int { .max }
}
