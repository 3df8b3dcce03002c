import Tensors

/// Adam (Kingma and Ba 2015), without weight decay; parameters are clamped to the box after every step.
///
/// A gradient that is not finite anywhere leaves parameters and moments as they are.
package struct Adam: Optimizer {
    /// The size of a step, in the parameters' unit; may change between steps.
    package var learningRate: Float
    private let beta1: Double
    private let beta2: Double
    private let epsilon: Float
    private let box: ClosedRange<Float>?
    private let pool: TensorPool?
    private var first: Tensor?
    private var second: Tensor?
    private var steps = 0

    /// What an optimizer remembers: the decayed means of gradient and squared gradient, of the parameters' shape, and the
    /// steps taken.
    package struct Memory: Sendable {
        package let means: Tensor
        package let squares: Tensor
        package let steps: Int

        /// Collects what was remembered.
        package init(means: Tensor, squares: Tensor, steps: Int) {
            self.means = means
            self.squares = squares
            self.steps = steps
        }
    }

    /// What it remembers, so that it can be taken up again; nil before the first step.
    package var memory: Memory? {
        get {
            guard let first, let second else { return nil }
            return Memory(means: first, squares: second, steps: steps)
        }
        set {
            first = newValue?.means
            second = newValue?.squares
            steps = newValue?.steps ?? 0
        }
    }

    /// Makes an optimizer without history.
    ///
    /// - Parameters:
    ///   - learningRate: the size of a step, in the parameters' unit.
    ///   - beta1: decay of the mean gradient.
    ///   - beta2: decay of the mean squared gradient.
    ///   - epsilon: added to the root of the mean square; keep it far below the gradients.
    ///   - box: where the parameters are kept, or nil.
    package init(
        learningRate: Float,
        beta1: Double = 0.9,
        beta2: Double = 0.999,
        epsilon: Float = 1e-8,
        box: ClosedRange<Float>? = nil,
        pool: TensorPool? = nil
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.box = box
        self.pool = pool
    }

    package mutating func step(
        _ parameters: inout Tensor,
        rows: ParallelRows,
        evaluate: (Tensor) throws -> Evaluation
    ) throws -> Double {
        let evaluation = try evaluate(parameters)
        step(&parameters, gradient: evaluation.gradient, rows: rows)
        return evaluation.loss
    }

    /// Takes one step along a gradient that is at hand.
    package mutating func step(_ parameters: inout Tensor, gradient: Tensor, rows: ParallelRows) {
        precondition(
            parameters.shape == gradient.shape,
            "parameters \(parameters.shape), gradient \(gradient.shape)"
        )
        guard gradient.squaredNorm(rows: rows).isFinite else { return }
        if first?.shape != parameters.shape {
            first = Tensor(parameters.shape, filledWith: 0, pool: pool)
            second = Tensor(parameters.shape, filledWith: 0, pool: pool)
            steps = 0
        }
        guard var mean = first.take(), var square = second.take() else { return }
        steps += 1
        let (b1, b2, epsilon) = (Float(beta1), Float(beta2), epsilon)
        let (c1, c2) = (Float(1 - beta1), Float(1 - beta2))
        let size = Float(Double(learningRate) / (1 - power(beta1, steps)))
        let root = Float((1 - power(beta2, steps)).squareRoot())
        let low = box?.lowerBound ?? -.greatestFiniteMagnitude
        let high = box?.upperBound ?? .greatestFiniteMagnitude
        let count = parameters.count
        gradient.withFloats { gradient in
            mean.withMutableFloats { mean in
                square.withMutableFloats { square in
                    parameters.withMutableFloats { parameters in
                        nonisolated(unsafe) let (g, m, v, x) = (gradient, mean, square, parameters)
                        rows.run(rows: count, grain: Tensor.elementGrain) { _, range in
                            for i in range {
                                m[i] = b1 * m[i] + c1 * g[i]
                                v[i] = b2 * v[i] + c2 * g[i] * g[i]
                                let moved = x[i] - size * m[i] / (v[i].squareRoot() / root + epsilon)
                                x[i] = max(low, min(high, moved))
                            }
                        }
                    }
                }
            }
        }
        first = mean
        second = square
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}
