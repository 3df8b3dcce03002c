import Tensors

/// Lowers a loss over the elements of one tensor, a step at a time.
///
/// Every decision is relative to the loss and gradient seen, never to an absolute size. The same bits for
/// any number of threads.
package protocol Optimizer {
    /// Takes one step from `parameters`, which stay inside the optimizer's box.
    ///
    /// Between two steps only the optimizer may change `parameters`.
    ///
    /// - Returns: the loss where the step began.
    mutating func step(
        _ parameters: inout Tensor,
        rows: ParallelRows,
        evaluate: (Tensor) throws -> Evaluation
    ) throws -> Double
}
