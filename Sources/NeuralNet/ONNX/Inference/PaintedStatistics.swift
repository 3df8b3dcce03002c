import Tensors

/// How a picture's values are spread: what tells a network that was given the wrong numbers.
struct PaintedStatistics {
    /// The 2nd and the 98th percentile of a sample of the values.
    let low: Float
    let high: Float
    /// The share of values at or beyond 0 and 1.
    let saturated: Double
    /// Standard deviation of the values, clipped to 0…1.
    let deviation: Double

    /// Looks at every nth value, at most some 60,000.
    init(_ tensor: Tensor) {
        var sample: [Float] = []
        tensor.withFloats { values in
            let step = max(1, values.count / 60_000) | 1
            for index in stride(from: 0, to: values.count, by: step) {
                sample.append(values[index].isFinite ? values[index] : 0)
            }
        }
        sample.sort()
        low = sample.isEmpty ? 0 : sample[sample.count / 50]
        high = sample.isEmpty ? 0 : sample[sample.count - 1 - sample.count / 50]
        let count = Double(max(sample.count, 1))
        saturated = Double(sample.count { $0 <= 0 || $0 >= 1 }) / count
        let clipped = sample.map { Double(min(max($0, 0), 1)) }
        let mean = clipped.reduce(0, +) / count
        deviation = (clipped.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }

    /// Whether the picture is almost one colour.
    var isConstant: Bool { deviation < 0.01 }

    /// Whether most of the picture is beyond black or white.
    var isSaturated: Bool { saturated > 0.6 }
}
