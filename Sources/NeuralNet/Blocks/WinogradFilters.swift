import CKernels
import Tensors

/// 3×3 filters taken to the 36 positions of F(4×4, 3×3) (Lavin and Gray 2016), in Double, packed for the micro-kernel in
/// the order in which they are read: for every group of output blocks `[36][blocks][inputs rounded up to 16][16]`, so that
/// what the micro-kernel fetches ahead is what comes next.
struct WinogradFilters: Sendable {
    let inputs: Int
    let outputs: Int
    /// `[groups][36][blocks][depth][16]`.
    let packed: Tensor

    /// Channels that a product runs over.
    var depth: Int { BlockTensor.blockCount(inputs) * 16 }
    var outputBlocks: Int { BlockTensor.blockCount(outputs) }

    /// Whether the transformed tiles of one core (the micro-kernel's 14, twice) and their products fit in its second-level
    /// cache, beside filters that stream through it.
    static func fitsACore(depth: Int) -> Bool { 28 * 36 * depth <= 144 << 10 }

    /// Output blocks whose filters lie together: as many as one core multiplies before it transforms back, or all.
    static func group(depth: Int, blocks: Int) -> Int { fitsACore(depth: depth) ? 2 : blocks }

    /// Where the filters of one block at one position begin, in units of `depth` · 16 floats.
    static func place(position: Int, block: Int, group: Int, blocks: Int) -> Int {
        let first = block / group * group
        return first * 36 + position * min(group, blocks - first) + block - first
    }

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
        var packed = Tensor([36, blocks, depth, 16])
        let (inputs, outputs) = (inputs, outputs)
        let group = Self.group(depth: depth, blocks: blocks)
        let transform = bf_kernels_current().pointee.style.winograd_filters
        packed.withMutableFloats { packed in
            weight.withFloats { weight in
                guard let packed = packed.baseAddress else { return }
                var taps = [Float](repeating: 0, count: 144)
                for block in 0..<blocks {
                    let places = (0..<36).map {
                        Self.place(position: $0, block: block, group: group, blocks: blocks) * depth * 16
                    }
                    let lanes = min(16, outputs - block * 16)
                    for lane in lanes..<16 { for tap in 0..<9 { taps[tap * 16 + lane] = 0 } }
                    for input in 0..<inputs {
                        for lane in 0..<lanes {
                            let output = block * 16 + lane
                            let base = (transposing ? input * columns + output : output * columns + input) * 9
                            for tap in 0..<9 { taps[tap * 16 + lane] = weight[base + (transposing ? 8 - tap : tap)] }
                        }
                        transform?(taps, places, packed + input * 16)
                    }
                }
            }
        }
        self.packed = packed
    }
}
