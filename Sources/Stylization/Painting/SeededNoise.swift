import Tensors

/// Uniform noise that is the same on every machine (SplitMix64; Steele, Lea, Flood 2014).
struct SeededNoise {
    private var state: UInt64

    /// Starts the sequence of `seed`.
    init(seed: UInt64) {
        state = seed
    }

    /// A tensor of values in 0..<1.
    mutating func tensor(_ shape: Shape, pool: TensorPool?) -> Tensor {
        var tensor = Tensor(uninitialized: shape, pool: pool)
        tensor.withMutableFloats { floats in
            for index in floats.indices { floats[index] = next() }
        }
        return tensor
    }

    private mutating func next() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Float((z ^ (z >> 31)) >> 40) / Float(1 << 24)
    }
}
