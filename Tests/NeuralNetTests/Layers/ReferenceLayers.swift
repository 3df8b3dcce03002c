import NeuralNet
import Tensors

/// The layers in Double and in the plainest loops: what the Float32 ones are compared with.
enum ReferenceLayers {
    /// A `[C, H, W]` array of Double.
    struct Planes {
        var channels: Int
        var height: Int
        var width: Int
        var values: [Double]

        init(_ channels: Int, _ height: Int, _ width: Int) {
            (self.channels, self.height, self.width) = (channels, height, width)
            values = Array(repeating: 0, count: channels * height * width)
        }

        init(_ tensor: Tensor) {
            self.init(tensor.shape[0], tensor.shape[1], tensor.shape[2])
            values = tensor.values.map(Double.init)
        }

        subscript(c: Int, y: Int, x: Int) -> Double {
            get { values[(c * height + y) * width + x] }
            set { values[(c * height + y) * width + x] = newValue }
        }
    }

    static func convolution(
        _ input: Planes, weight: Tensor, bias: Tensor, padding: Padding, rectified: Bool
    ) -> Planes {
        let (w, b) = (weight.values.map(Double.init), bias.values.map(Double.init))
        var output = Planes(weight.shape[0], input.height, input.width)
        for o in 0..<output.channels {
            for y in 0..<input.height {
                for x in 0..<input.width {
                    var sum = b[o]
                    for i in 0..<input.channels {
                        for ky in 0..<3 {
                            for kx in 0..<3 {
                                guard let row = index(y + ky - 1, input.height, padding),
                                    let column = index(x + kx - 1, input.width, padding)
                                else { continue }
                                sum += w[((o * input.channels + i) * 3 + ky) * 3 + kx] * input[i, row, column]
                            }
                        }
                    }
                    output[o, y, x] = rectified ? max(sum, 0) : sum
                }
            }
        }
        return output
    }

    static func pooling(_ input: Planes, _ kind: Pooling2x2.Kind) -> Planes {
        var output = Planes(input.channels, input.height / 2, input.width / 2)
        for c in 0..<output.channels {
            for y in 0..<output.height {
                for x in 0..<output.width {
                    let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map { input[c, 2 * y + $0.0, 2 * x + $0.1] }
                    output[c, y, x] =
                        kind == .average ? four.reduce(0, +) / 4 : four.reduce(-.infinity, Swift.max)
                }
            }
        }
        return output
    }

    static func affine(_ input: Planes, scales: [Float], offsets: [Float]) -> Planes {
        var output = input
        for index in output.values.indices {
            let channel = index / (input.height * input.width)
            output.values[index] = output.values[index] * Double(scales[channel]) + Double(offsets[channel])
        }
        return output
    }

    /// The gradient of Σ weights · function(input) to the input, by central differences.
    static func gradient(of function: (Planes) -> Planes, at input: Planes, weights: Tensor) -> [Double] {
        let weights = weights.values.map(Double.init)
        let step = 1e-6
        func value(_ input: Planes) -> Double { zip(function(input).values, weights).reduce(0) { $0 + $1.0 * $1.1 } }
        return input.values.indices.map { index in
            var (above, below) = (input, input)
            above.values[index] += step
            below.values[index] -= step
            return (value(above) - value(below)) / (2 * step)
        }
    }

    /// The greatest difference of two arrays, relative to the greatest magnitude of the second (at least 1).
    static func difference(_ tensor: Tensor, _ reference: [Double]) -> Double {
        guard tensor.count == reference.count else { return .infinity }
        let scale = reference.map(abs).reduce(1, max)
        return zip(tensor.values, reference).map { abs(Double($0) - $1) / scale }.reduce(0) {
            $1.isNaN ? .infinity : max($0, $1)
        }
    }

    private static func index(_ position: Int, _ extent: Int, _ padding: Padding) -> Int? {
        if (0..<extent).contains(position) { return position }
        let clamped = min(max(position, 0), extent - 1)
        return switch padding {
        case .zero: nil
        case .edge: clamped
        case .reflection: extent == 1 ? 0 : position < 0 ? -position : 2 * (extent - 1) - position
        }
    }
}
