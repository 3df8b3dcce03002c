import Tensors

/// Reproducible values for tests (a linear congruential generator).
struct SeededValues {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

    /// A value in 0..<1.
    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24)
    }

    /// A tensor of values in 0..<1.
    mutating func tensor(_ shape: Shape) -> Tensor { Tensor(shape, (0..<shape.count).map { _ in next() }) }

    /// A smooth picture in 0..<1: sums of waves, with a little noise.
    mutating func picture(height: Int, width: Int) -> PlanarImage {
        var values: [Float] = []
        for _ in 0..<3 {
            let (a, b) = (next(), next())
            for y in 0..<height {
                for x in 0..<width {
                    let wave = Float((x * 37 + y * 11) % 64) / 64 * a + Float((y * 29 + x * 5) % 48) / 48 * b
                    values.append(min(1, 0.45 * wave + 0.1 * next()))
                }
            }
        }
        return PlanarImage(Tensor([3, height, width], values))
    }
}
