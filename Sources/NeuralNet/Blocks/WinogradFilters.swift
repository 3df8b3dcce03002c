import CKernels
import Tensors

/// 3×3 filters taken to the 36 positions of F(4×4, 3×3) (Lavin and Gray 2016), or the 64 of F(6×6, 3×3), in Double, packed
/// for the micro-kernel in the order in which they are read: for every group of output blocks
/// `[positions][blocks][inputs rounded up to 16][16]`, so that what the micro-kernel fetches ahead is what comes next.
struct WinogradFilters: Sendable {
    let inputs: Int
    let outputs: Int
    let form: WinogradForm
    /// `[groups][positions][blocks]` filters as `form` has them.
    let packed: Tensor

    /// Channels that a product runs over.
    var depth: Int { BlockTensor.blockCount(inputs) * 16 }
    var outputBlocks: Int { BlockTensor.blockCount(outputs) }

    /// Where the filters of one block at one position begin, in filters of one block at one position.
    static func place(position: Int, of positions: Int, block: Int, group: Int, blocks: Int) -> Int {
        let first = block / group * group
        return first * positions + position * min(group, blocks - first) + block - first
    }

    /// Transforms `weight`, `[outputs, inputs, 3, 3]`, as exactly as floats allow.
    init(weight: Tensor) {
        self.init(weight: weight, transposing: false) { .best(depth: $0, outputBlocks: $1) }
    }

    /// The same where what is computed is looked at and no more; `rounds`: as for `WinogradForm.painting`.
    init(painting weight: Tensor, rounds: Bool) {
        self.init(weight: weight, transposing: false) { .painting(depth: $0, outputBlocks: $1, rounds: rounds) }
    }

    /// Transforms the filters that carry a gradient back: turned round, inputs and outputs exchanged.
    init(transposing weight: Tensor) {
        self.init(weight: weight, transposing: true) { .best(depth: $0, outputBlocks: $1) }
    }

    private init(
        weight: Tensor, transposing: Bool, choose: (_ depth: Int, _ outputBlocks: Int) -> WinogradForm
    ) {
        let (rows, columns) = (weight.shape[0], weight.shape[1])
        outputs = transposing ? columns : rows
        inputs = transposing ? rows : columns
        let blocks = BlockTensor.blockCount(outputs)
        let depth = BlockTensor.blockCount(inputs) * 16
        form = choose(depth, blocks)
        let (inputs, outputs, side, positions) = (inputs, outputs, form.side, form.positions)
        var packed = Tensor([positions, blocks, depth, 16])
        let group = form.group(depth: depth, blocks: blocks)
        let transform = bf_kernels_current().pointee.style.winograd_filters
        packed.withMutableFloats { packed in
            weight.withFloats { weight in
                guard let packed = packed.baseAddress else { return }
                var taps = [Float](repeating: 0, count: 144)
                for block in 0..<blocks {
                    let places = (0..<positions).map {
                        Self.place(position: $0, of: positions, block: block, group: group, blocks: blocks) * depth * 16
                    }
                    let lanes = min(16, outputs - block * 16)
                    for lane in lanes..<16 { for tap in 0..<9 { taps[tap * 16 + lane] = 0 } }
                    for input in 0..<inputs {
                        for lane in 0..<lanes {
                            let output = block * 16 + lane
                            let base = (transposing ? input * columns + output : output * columns + input) * 9
                            for tap in 0..<9 { taps[tap * 16 + lane] = weight[base + (transposing ? 8 - tap : tap)] }
                        }
                        transform?(taps, CInt(side), places, packed + input * 16)
                    }
                }
            }
        }
        let floats = form.filterFloats(depth: depth)
        switch form {
        case .floats, .largeTiles:
            self.packed = packed
        case .words:
            let kernel = bf_kernels_current().pointee.words.filters
            self.packed = Self.repacked(packed, floats: floats) {
                kernel?($0, depth, $1.assumingMemoryBound(to: Int16.self))
            }
        case .split:
            let kernel = bf_kernels_current().pointee.blocks.split_filters
            self.packed = Self.repacked(packed, floats: floats) {
                kernel?($0, depth, $1.assumingMemoryBound(to: UInt16.self))
            }
        }
    }

    /// Filters `[positions, blocks, depth, 16]` as `pack` writes them, `floats` for those of one block at one position.
    private static func repacked(
        _ filters: Tensor, floats: Int,
        _ pack: (_ filters: UnsafePointer<Float>, _ target: UnsafeMutableRawPointer) -> Void
    ) -> Tensor {
        let (each, count) = (filters.shape[2] * 16, filters.shape[0] * filters.shape[1])
        var packed = Tensor(uninitialized: [count, floats])
        packed.withMutableFloats { target in
            filters.withFloats { source in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                for index in 0..<count { pack(source + index * each, target + index * floats) }
            }
        }
        return packed
    }
}
