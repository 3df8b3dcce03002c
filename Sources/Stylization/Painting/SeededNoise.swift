import Tensors

/// Uniform noise that is the same on every machine (`SplitMix64`).
struct SeededNoise {
    private var random: SplitMix64

    /// Starts the sequence of `seed`.
    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// A tensor of values in 0..<1.
    mutating func tensor(_ shape: Shape, pool: TensorPool?) -> Tensor {
        var tensor = Tensor(uninitialized: shape, pool: pool)
        tensor.withMutableFloats { floats in
            for index in floats.indices { floats[index] = random.unit() }
        }
        return tensor
    }
}
