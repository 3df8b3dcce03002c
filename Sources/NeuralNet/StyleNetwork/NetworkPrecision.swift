/// The numbers that a learned network's convolutions multiply; sums are Float32 always.
public enum NetworkPrecision: String, Sendable, CaseIterable {
    /// bfloat16 where the processor has a unit for matrices of them (AMX), whole numbers of 16 bits, each tile's and filter's with
    /// a scale of its own, where its vectors multiply those faster than Float32 (AVX2), else Float32.
    case auto
    /// Float32.
    case float
}
