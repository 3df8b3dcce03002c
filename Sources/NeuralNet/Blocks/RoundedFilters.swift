import Tensors

/// 3×3 filters rounded to bfloat16, for `rounded_product`: `[ceil(outputs / 16)][segments][16][16][2]`.
///
/// A segment has 32 numbers of a pixel: two blocks of one column, or, of the last of an odd number of blocks, that of a column
/// and that of the next, so that two of three columns share one.
struct RoundedFilters: Sendable {
    /// What one segment reads of a row.
    struct Segment: Equatable {
        /// Which 32 numbers of the staged pixels.
        let chunk: Int
        let column: Int
    }

    let inputs: Int
    let outputs: Int
    /// What the product runs over in each of the three rows.
    let segments: [Segment]
    let packed: [UInt16]

    var inputBlocks: Int { BlockTensor.blockCount(inputs) }
    var outputBlocks: Int { BlockTensor.blockCount(outputs) }
    /// Parts of 32 numbers of a staged pixel.
    var chunks: Int { (inputBlocks + 1) / 2 }
    /// Whether the last part has one block, beside that of the next column.
    var isOdd: Bool { inputBlocks % 2 == 1 }

    /// Packs `weight`, `[outputs, inputs, 3, 3]`.
    init(weight: Tensor) {
        outputs = weight.shape[0]
        inputs = weight.shape[1]
        let blocks = BlockTensor.blockCount(inputs)
        segments = (0..<(blocks + 1) / 2).flatMap { chunk in
            (chunk * 2 + 1 < blocks ? [0, 1, 2] : [0, 2]).map { Segment(chunk: chunk, column: $0) }
        }
        var packed = [UInt16](repeating: 0, count: BlockTensor.blockCount(outputs) * 3 * segments.count * 512)
        let (inputs, outputs, segments) = (inputs, outputs, segments)
        weight.withFloats { weight in
            for output in 0..<outputs {
                for (index, segment) in (0..<3).flatMap({ _ in segments }).enumerated() {
                    let isShared = segment.chunk * 2 + 1 == blocks
                    for k in 0..<32 {
                        let column = segment.column + (isShared ? k / 16 : 0)
                        let input = segment.chunk * 32 + (isShared ? k % 16 : k)
                        guard column < 3, input < inputs else { continue }
                        let value = weight[((output * inputs + input) * 3 + index / segments.count) * 3 + column]
                        let place = (output / 16 * 3 * segments.count + index) * 512
                        packed[place + k / 2 * 32 + output % 16 * 2 + k % 2] = Self.rounded(value)
                    }
                }
            }
        }
        self.packed = packed
    }

    /// The nearest bfloat16, the even one of two.
    private static func rounded(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }
}
