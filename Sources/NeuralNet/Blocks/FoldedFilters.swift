import Tensors

/// Filters for at most four output channels, packed so that the columns of a filter lie side by side as if each were a
/// channel.
struct FoldedFilters: Sendable {
    /// The real output channels.
    let outputs: Int
    /// Columns of the filters.
    let taps: Int
    /// One per output.
    let bias: [Float]
    let unfolded: DirectFilters

    /// Packs `weight`, `[outputs, inputs, rows, columns]`, outputs ≤ 4, inputs ≥ 16.
    init(weight: Tensor, bias: [Float]) {
        outputs = weight.shape[0]
        taps = weight.shape[3]
        precondition(outputs <= 4 && bias.count == outputs, "\(outputs) outputs of a folded convolution")
        self.bias = bias
        unfolded = DirectFilters(weight: Self.unfold(weight))
    }

    /// The filters `[outputs · columns, inputs, rows, 1]` whose output channels are what each column of `weight`,
    /// `[outputs, inputs, rows, columns]`, gives for itself, as `fold` adds them up: tap t of channel o is channel
    /// t / n · 16 + t % n · outputs + o, n = 16 / outputs.
    private static func unfold(_ weight: Tensor) -> Tensor {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        let (rows, columns) = (weight.shape[2], weight.shape[3])
        let each = 16 / outputs
        var result = Tensor([(columns + each - 1) / each * 16, inputs, rows, 1])
        result.withMutableFloats { result in
            weight.withFloats { weight in
                for output in 0..<outputs {
                    for input in 0..<inputs {
                        for row in 0..<rows {
                            for column in 0..<columns {
                                let channel = column / each * 16 + column % each * outputs + output
                                result[(channel * inputs + input) * rows + row] =
                                    weight[((output * inputs + input) * rows + row) * columns + column]
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}
