import Tensors

/// An endless sequence of training batches, each a function of its number alone, so that a run that resumes needs no state
/// but the number.
package protocol BatchSequence: Sendable {
    /// What a step is taken with.
    associatedtype Batch: Sendable

    /// The batch of a number, counted from 0.
    ///
    /// - Throws: where no picture can be read any more.
    func batch(_ number: Int, pool: TensorPool?) throws -> Batch
}
