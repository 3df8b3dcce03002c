import CKernels
import Tensors

/// 3×3 filters taken to the 36 positions of F(4×4, 3×3) (Lavin and Gray 2016), in Double, packed for the micro-kernel in
/// the order in which they are read: for every group of output blocks `[36][blocks][inputs rounded up to 16][16]`, so that
/// what the micro-kernel fetches ahead is what comes next.
struct WinogradFilters: Sendable {
    let inputs: Int
    let outputs: Int
    let form: WinogradForm
    /// `[groups][36][blocks]` filters as `form` has them.
    let packed: Tensor

    /// Channels that a product runs over.
    var depth: Int { BlockTensor.blockCount(inputs) * 16 }
    var outputBlocks: Int { BlockTensor.blockCount(outputs) }

    /// Where the filters of one block at one position begin, in filters of one block at one position.
    static func place(position: Int, block: Int, group: Int, blocks: Int) -> Int {
        let first = block / group * group
        return first * 36 + position * min(group, blocks - first) + block - first
    }

    private static let matrix: [[Double]] = [
        [1.0 / 4, 0, 0], [-1.0 / 6, -1.0 / 6, -1.0 / 6], [-1.0 / 6, 1.0 / 6, -1.0 / 6],
        [1.0 / 24, 1.0 / 12, 1.0 / 6], [1.0 / 24, -1.0 / 12, 1.0 / 6], [0, 0, 1],
    ]

    /// Transforms `weight`, `[outputs, inputs, 3, 3]`.
    init(weight: Tensor) {
        self.init(weight: weight, transposing: false)
    }

    /// Transforms the filters that carry a gradient back: turned round, inputs and outputs exchanged.
    init(transposing weight: Tensor) {
        self.init(weight: weight, transposing: true)
    }

    private init(weight: Tensor, transposing: Bool) {
        let (rows, columns) = (weight.shape[0], weight.shape[1])
        outputs = transposing ? columns : rows
        inputs = transposing ? rows : columns
        let blocks = BlockTensor.blockCount(outputs)
        let depth = BlockTensor.blockCount(inputs) * 16
        form = .best(depth: depth, outputBlocks: blocks)
        var packed = Tensor([36, blocks, depth, 16])
        let (inputs, outputs) = (inputs, outputs)
        let group = form.group(depth: depth, blocks: blocks)
        packed.withMutableFloats { packed in
            weight.withFloats { weight in
                var half = [Double](repeating: 0, count: 18)
                for output in 0..<outputs {
                    for input in 0..<inputs {
                        let base = (transposing ? input * columns + output : output * columns + input) * 9
                        func tap(_ y: Int, _ x: Int) -> Double {
                            Double(weight[base + (transposing ? 8 - y * 3 - x : y * 3 + x)])
                        }
                        for i in 0..<6 {
                            let g = Self.matrix[i]
                            for x in 0..<3 {
                                half[i * 3 + x] = g[0] * tap(0, x) + g[1] * tap(1, x) + g[2] * tap(2, x)
                            }
                        }
                        for i in 0..<6 {
                            for j in 0..<6 {
                                let g = Self.matrix[j]
                                let value = g[0] * half[i * 3] + g[1] * half[i * 3 + 1] + g[2] * half[i * 3 + 2]
                                let place = Self.place(
                                    position: i * 6 + j, block: output / 16, group: group, blocks: blocks)
                                packed[(place * depth + input) * 16 + output % 16] = Float(value)
                            }
                        }
                    }
                }
            }
        }
        self.packed = form == .floats ? packed : Self.split(packed)
    }

    /// The same filters, `[36, blocks, depth, 16]`, as split numbers.
    private static func split(_ filters: Tensor) -> Tensor {
        let (depth, count) = (filters.shape[2], filters.shape[0] * filters.shape[1])
        var parts = Tensor(uninitialized: [count, depth, 24])
        let kernel = bf_kernels_current().pointee.blocks.split_filters
        parts.withMutableFloats { parts in
            filters.withFloats { filters in
                guard let source = filters.baseAddress, let target = UnsafeMutableRawPointer(parts.baseAddress) else {
                    return
                }
                let numbers = target.assumingMemoryBound(to: UInt16.self)
                for index in 0..<count {
                    kernel?(source + index * depth * 16, depth, numbers + index * depth * 48)
                }
            }
        }
        return parts
    }
}
