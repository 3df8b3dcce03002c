import NeuralNet
import Tensors

extension NetworkTrainer {
    /// All that the next step depends on besides its batch: the network's values, what Adam remembers, and the numbers of
    /// steps. What is set has the names and shapes of what was read.
    package var state: [String: Tensor] {
        get {
            let empty = Tensor([network.values.count])
            return [
                "network": network.values, "adam.means": memory?.means ?? empty,
                "adam.squares": memory?.squares ?? empty, "adam.steps": Self.number(memory?.steps ?? 0),
                "steps": Self.number(steps),
            ]
        }
        set {
            guard let values = newValue["network"], let means = newValue["adam.means"],
                let squares = newValue["adam.squares"], let memorized = newValue["adam.steps"],
                let steps = newValue["steps"]
            else { preconditionFailure("a state of \(newValue.keys.sorted())") }
            var restored = network
            restored.values = values
            restore(
                network: restored, steps: Self.number(steps),
                memory: Adam.Memory(means: means, squares: squares, steps: Self.number(memorized)))
        }
    }

    /// Exact below 2²⁴.
    private static func number(_ value: Int) -> Tensor { Tensor([1], [Float(value)]) }

    private static func number(_ tensor: Tensor) -> Int { Int(min(max(tensor.values[0], 0), 0x1p24)) }
}
