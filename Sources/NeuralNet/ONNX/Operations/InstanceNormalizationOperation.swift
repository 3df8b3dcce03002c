import Tensors

/// Brings every channel of `[1, C, …]` to mean 0 and variance 1, then scales and shifts it; optionally ReLU behind.
struct InstanceNormalizationOperation: NormalizingOperation {
    /// One per channel.
    let scales: [Float]
    /// One per channel.
    let offsets: [Float]
    /// Added to the variance.
    let epsilon: Float
    let outputShape: Shape
    var isRectified = false

    var parameters: ChannelNormalization {
        .instance(gains: scales, biases: offsets, epsilon: epsilon)
    }

    var overwritesInput: Bool { true }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        var tensor = inputs.removeFirst()
        let plane = tensor.count / scales.count
        tensor.withMutableFloats { values in
            nonisolated(unsafe) let values = values
            workspace.rows.run(rows: scales.count, grain: 1) { channel, _ in
                normalize(
                    UnsafeMutableBufferPointer(rebasing: values[channel * plane..<(channel + 1) * plane]), channel)
            }
        }
        return tensor
    }

    /// Two passes for the statistics: sums of 512 elements in Float32, above that in Double.
    private func normalize(_ values: UnsafeMutableBufferPointer<Float>, _ channel: Int) {
        let count = Double(values.count)
        let mean = Self.sum(values) { $0 } / count
        let center = Float(mean)
        let variance = Self.sum(values) { ($0 - center) * ($0 - center) } / count
        let scale = Float(Double(scales[channel]) / (variance + Double(epsilon)).squareRoot())
        let offset = offsets[channel] - center * scale
        if isRectified {
            for index in values.indices { values[index] = max(values[index] * scale + offset, 0) }
        } else {
            for index in values.indices { values[index] = values[index] * scale + offset }
        }
    }

    @inline(__always)
    private static func sum(_ values: UnsafeMutableBufferPointer<Float>, _ body: (SIMD16<Float>) -> SIMD16<Float>)
        -> Double
    {
        var total = 0.0
        var index = 0
        let raw = UnsafeRawBufferPointer(values)
        while index + 16 <= values.count {
            let end = min(index + 512, values.count / 16 * 16)
            var partial = SIMD16<Float>.zero
            while index < end {
                partial += body(raw.loadUnaligned(fromByteOffset: index * 4, as: SIMD16<Float>.self))
                index += 16
            }
            total += Double(partial.sum())
        }
        while index < values.count {
            total += Double(body(SIMD16(repeating: values[index]))[0])
            index += 1
        }
        return total
    }
}
