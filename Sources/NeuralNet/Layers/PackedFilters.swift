import Tensors

/// 3×3 filters in the order in which the kernels read them: blocks of eight output channels,
/// `[ceil(outputs / 8)][inputs][3][3][8]`, filled up with zeros.
struct PackedFilters: Sendable {
    let inputs: Int
    let outputs: Int
    /// The filters, block after block.
    let blocks: Tensor
    /// One float per channel of every block.
    let bias: Tensor

    /// The number of blocks.
    var blockCount: Int { (outputs + 7) / 8 }

    /// Packs the filters of a convolution: `weight` `[outputs, inputs, 3, 3]` and `bias` `[outputs]`.
    init(weight: Tensor, bias: Tensor) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        self.init(inputs: inputs, outputs: outputs, bias: bias.values, weight: weight) { output, input, tap in
            (output * inputs + input) * 9 + tap
        }
    }

    /// Packs the filters that carry a gradient from the outputs of a convolution back to its inputs: the same
    /// weights `[outputs, inputs, 3, 3]` turned round, with inputs and outputs exchanged and no bias.
    init(transposing weight: Tensor) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        self.init(inputs: outputs, outputs: inputs, bias: [], weight: weight) { output, input, tap in
            (input * inputs + output) * 9 + 8 - tap
        }
    }

    private init(
        inputs: Int,
        outputs: Int,
        bias: [Float],
        weight: Tensor,
        index: (_ output: Int, _ input: Int, _ tap: Int) -> Int
    ) {
        self.inputs = inputs
        self.outputs = outputs
        let blockCount = (outputs + 7) / 8
        var blocks = Tensor([blockCount, inputs, 3, 3, 8])
        blocks.withMutableFloats { packed in
            weight.withFloats { weight in
                for output in 0..<outputs {
                    for input in 0..<inputs {
                        for tap in 0..<9 {
                            packed[((output / 8 * inputs + input) * 9 + tap) * 8 + output % 8] =
                                weight[index(output, input, tap)]
                        }
                    }
                }
            }
        }
        self.blocks = blocks
        self.bias = Tensor([blockCount, 8], bias + Array(repeating: 0, count: blockCount * 8 - bias.count))
    }

    /// Lends one block: its number of output channels, its filters `[inputs][3][3][8]` and its biases `[8]`.
    func withBlock(
        _ block: Int,
        _ body: (_ outputs: Int, _ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>) -> Void
    ) {
        blocks.withFloats { blocks in
            bias.withFloats { bias in
                guard let blocks = blocks.baseAddress, let bias = bias.baseAddress else { return }
                body(min(8, outputs - block * 8), blocks + block * inputs * 72, bias + block * 8)
            }
        }
    }
}
