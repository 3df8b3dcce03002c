/// Reproducible values for tests (a linear congruential generator).
struct SeededFloats {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

    /// A value in 0..<1.
    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24)
    }

    /// So many values in 0..<1.
    mutating func values(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }
}
