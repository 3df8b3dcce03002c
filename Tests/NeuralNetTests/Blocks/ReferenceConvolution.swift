import NeuralNet
import Tensors

/// A convolution in Double by its definition.
enum ReferenceConvolution {
    /// - Parameters:
    ///   - input: `[C, H, W]`; weight: `[outputs, C / groups, rows, columns]`.
    ///   - pads: rows above and below, columns left and right.
    static func output(
        _ input: Tensor, weight: Tensor, bias: [Float], stride: (Int, Int) = (1, 1), dilation: (Int, Int) = (1, 1),
        pads: (top: Int, bottom: Int, left: Int, right: Int), padding: Padding, groups: Int = 1, enlargement: Int = 1
    ) -> (shape: Shape, values: [Double]) {
        let (height, width) = (input.shape[1] * enlargement, input.shape[2] * enlargement)
        let (outputs, depth, rows, columns) = (weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3])
        let outputHeight = (height + pads.top + pads.bottom - (rows - 1) * dilation.0 - 1) / stride.0 + 1
        let outputWidth = (width + pads.left + pads.right - (columns - 1) * dilation.1 - 1) / stride.1 + 1
        let (values, weights) = (input.values, weight.values)
        var result: [Double] = []
        for output in 0..<outputs {
            let group = output / (outputs / groups)
            for y in 0..<outputHeight {
                for x in 0..<outputWidth {
                    var sum = Double(bias[output])
                    for channel in 0..<depth {
                        for row in 0..<rows {
                            guard let sourceRow = index(y * stride.0 + row * dilation.0 - pads.top, height, padding)
                            else { continue }
                            for column in 0..<columns {
                                guard
                                    let sourceColumn = index(
                                        x * stride.1 + column * dilation.1 - pads.left, width, padding)
                                else { continue }
                                let at = ((group * depth + channel) * input.shape[1] + sourceRow / enlargement)
                                sum +=
                                    Double(weights[((output * depth + channel) * rows + row) * columns + column])
                                    * Double(values[at * input.shape[2] + sourceColumn / enlargement])
                            }
                        }
                    }
                    result.append(sum)
                }
            }
        }
        return ([outputs, outputHeight, outputWidth], result)
    }

    private static func index(_ position: Int, _ extent: Int, _ padding: Padding) -> Int? {
        if (0..<extent).contains(position) { return position }
        switch padding {
        case .zero: return nil
        case .edge: return position < 0 ? 0 : extent - 1
        case .reflection:
            if extent == 1 { return 0 }
            var position = position
            while !(0..<extent).contains(position) {
                position = position < 0 ? -position : 2 * (extent - 1) - position
            }
            return position
        }
    }
}
