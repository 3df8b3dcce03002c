import NeuralNet
import Tensors

/// How a vector of parameters is trained: Adam along gradients of a bounded norm, with a rate that falls along a cosine.
package struct ParameterDescent: Sendable {
    /// The parameters as they are now, `[count]`.
    package private(set) var parameters: Tensor
    /// Steps taken.
    package private(set) var steps = 0
    private let decay: CosineDecay
    private let gradientNorm: Double
    private var optimizer: Adam

    /// Starts from parameters.
    ///
    /// - Parameter gradientNorm: the greatest norm of a gradient; larger ones are scaled down to it.
    package init(_ parameters: Tensor, decay: CosineDecay, gradientNorm: Double) {
        self.parameters = parameters
        self.decay = decay
        self.gradientNorm = gradientNorm
        optimizer = Adam(learningRate: Float(decay.start))
    }

    /// Takes a step; along a gradient that is not finite none but in number.
    package mutating func step(_ gradient: Tensor, rows: ParallelRows) {
        var gradient = gradient
        let norm = gradient.squaredNorm(rows: rows).squareRoot()
        if norm > gradientNorm { gradient.multiply(by: Float(gradientNorm / (norm + 1e-6)), rows: rows) }
        optimizer.learningRate = Float(decay.rate(after: steps))
        optimizer.step(&parameters, gradient: gradient, rows: rows)
        steps += 1
    }

    /// All that the next step depends on besides its gradient. What is set has the names and shapes of what was read.
    package var state: [String: Tensor] {
        get {
            let (memory, empty) = (optimizer.memory, Tensor(parameters.shape))
            return [
                "parameters": parameters, "adam.means": memory?.means ?? empty,
                "adam.squares": memory?.squares ?? empty,
                "steps": Tensor([2], [Float(memory?.steps ?? 0), Float(steps)]),
            ]
        }
        set {
            guard let values = newValue["parameters"], let means = newValue["adam.means"],
                let squares = newValue["adam.squares"], let counts = newValue["steps"]?.values
            else { preconditionFailure("a state of \(newValue.keys.sorted())") }
            // Exact below 2²⁴.
            let numbers = counts.map { Int(min(max($0, 0), 0x1p24)) }
            parameters = values
            steps = numbers[1]
            optimizer.memory = Adam.Memory(means: means, squares: squares, steps: numbers[0])
        }
    }
}
