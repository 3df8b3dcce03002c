import NeuralNet
import Tensors

/// How a vector of parameters is trained: along gradients of a bounded norm, with a rate that falls along a cosine; the matrices
/// that are named by Muon, all else by Adam.
package struct ParameterDescent: Sendable {
    /// The parameters as they are now, `[count]`.
    package private(set) var parameters: Tensor
    /// Steps taken.
    package private(set) var steps = 0
    private let decay: CosineDecay
    private let gradientNorm: Double
    private var adam: Adam
    private var muon: Muon

    private static let momentum = "muon.momentum"

    /// Starts from parameters.
    ///
    /// - Parameters:
    ///   - gradientNorm: the greatest norm of a gradient; larger ones are scaled down to it.
    ///   - matrices: those that Muon trains.
    package init(_ parameters: Tensor, decay: CosineDecay, gradientNorm: Double, matrices: [Muon.Matrix] = []) {
        self.parameters = parameters
        self.decay = decay
        self.gradientNorm = gradientNorm
        adam = Adam(learningRate: Float(decay.start))
        muon = Muon(learningRate: Float(decay.start), matrices: matrices, count: parameters.count)
    }

    /// Takes a step; along a gradient that is not finite none but in number.
    package mutating func step(_ gradient: Tensor, rows: ParallelRows) {
        let rate = Float(decay.rate(after: steps))
        steps += 1
        var gradient = gradient
        let norm = gradient.squaredNorm(rows: rows).squareRoot()
        guard norm.isFinite else { return }
        if norm > gradientNorm { gradient.multiply(by: Float(gradientNorm / (norm + 1e-6)), rows: rows) }
        (adam.learningRate, muon.learningRate) = (rate, rate)
        muon.step(&parameters, gradient: gradient, rows: rows)
        // Adam leaves alone what never had a gradient.
        gradient.withMutableFloats { floats in
            for matrix in muon.matrices { floats[matrix.range].update(repeating: 0) }
        }
        adam.step(&parameters, gradient: gradient, rows: rows)
    }

    /// All that the next step depends on besides its gradient. What is set has the names and shapes of what was read.
    package var state: [String: Tensor] {
        get {
            let (memory, empty) = (adam.memory, Tensor(parameters.shape))
            var state = [
                "parameters": parameters, "adam.means": memory?.means ?? empty,
                "adam.squares": memory?.squares ?? empty,
                "steps": Tensor([2], [Float(memory?.steps ?? 0), Float(steps)]),
            ]
            if !muon.matrices.isEmpty { state[Self.momentum] = muon.momentum }
            return state
        }
        set {
            guard let values = newValue["parameters"], let means = newValue["adam.means"],
                let squares = newValue["adam.squares"], let counts = newValue["steps"]?.values
            else { preconditionFailure("a state of \(newValue.keys.sorted())") }
            // Exact below 2²⁴.
            let numbers = counts.map { Int(min(max($0, 0), 0x1p24)) }
            parameters = values
            steps = numbers[1]
            adam.memory = Adam.Memory(means: means, squares: squares, steps: numbers[0])
            if let momentum = newValue[Self.momentum] { muon.momentum = momentum }
        }
    }
}
