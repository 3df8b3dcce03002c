import Tensors

/// What a training run drives: something that learns from one batch after the other.
package protocol StepTrainer<Batch> {
    /// What a step is taken with.
    associatedtype Batch

    /// What `step` returns: `total` first, then its parts.
    var lossNames: [String] { get }

    /// All that the next step depends on besides its number and batch. What is set has the names and shapes of what was
    /// read.
    var state: [String: Tensor] { get set }

    /// Takes a step.
    ///
    /// - Parameters:
    ///   - number: counted from 0.
    /// - Returns: the losses where the step began, in the order of `lossNames`.
    mutating func step(_ number: Int, batch: Batch) throws -> [Float]
}
