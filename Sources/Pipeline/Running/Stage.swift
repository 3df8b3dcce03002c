/// One step of a pipeline: takes one value in and emits zero or more out.
///
/// A stage is used by one thread at a time and never again after `finish`, so it need not be Sendable.
package protocol Stage<Input, Output>: AnyObject {
    /// What it takes.
    associatedtype Input: Sendable
    /// What it emits.
    associatedtype Output: Sendable

    /// One word, for progress and messages.
    var name: String { get }

    /// Takes one value and emits what it makes of it, in order.
    func process(_ input: Input, emit: (Output) throws -> Void) throws

    /// Emits what was held back; called once, after the last `process`.
    func finish(emit: (Output) throws -> Void) throws
}

extension Stage {
    package func finish(emit: (Output) throws -> Void) throws {}
}
