/// The numbers that a learned network's convolutions multiply; sums are Float32 always.
public enum NetworkPrecision: String, Sendable, CaseIterable {
    /// bfloat16 where the processor has a unit for matrices of them (AMX), else Float32.
    case auto
    /// Float32.
    case float
}
