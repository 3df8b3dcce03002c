import Tensors

/// Filters of any size packed for the micro-kernel, which runs over filter rows, blocks of input channels, filter
/// columns and channels, in this order: `[ceil(outputs / 16)][rows][blocks][columns][lanes][16]`.
struct DirectFilters: Sendable {
    let inputs: Int
    let outputs: Int
    let rows: Int
    let columns: Int
    let packed: Tensor

    /// Input channels that lie side by side in what is read: 16 in blocks, all in planes.
    let lanes: Int
    var inputBlocks: Int { BlockTensor.blockCount(inputs) }
    var outputBlocks: Int { BlockTensor.blockCount(outputs) }
    /// Floats that a product runs over.
    var depth: Int { rows * inputBlocks * columns * lanes }

    /// Packs `weight`, `[outputs, inputs, rows, columns]`, for blocks, or for planes of fewer than 16 channels.
    init(weight: Tensor, planes: Bool = false) {
        outputs = weight.shape[0]
        inputs = weight.shape[1]
        rows = weight.shape[2]
        columns = weight.shape[3]
        lanes = planes ? inputs : 16
        precondition(lanes <= 16, "planes of \(inputs) channels")
        let (lanes, inputBlocks) = (lanes, BlockTensor.blockCount(inputs))
        var packed = Tensor([BlockTensor.blockCount(outputs), rows * inputBlocks * columns * lanes, 16])
        let (outputs, inputs, rows, columns) = (outputs, inputs, rows, columns)
        packed.withMutableFloats { packed in
            weight.withFloats { weight in
                var read = 0
                for output in 0..<outputs {
                    for input in 0..<inputs {
                        for row in 0..<rows {
                            for column in 0..<columns {
                                let group = (output / 16 * rows + row) * inputBlocks + input / lanes
                                let place = (group * columns + column) * lanes + input % lanes
                                packed[place * 16 + output % 16] = weight[read]
                                read += 1
                            }
                        }
                    }
                }
            }
        }
        self.packed = packed
    }
}
