import Tensors

/// 3×3 filters rounded to bfloat16, for `rounded_product`.
///
/// Of a convolution that reads everything at twice its size, every other row and column meets the same pixels through the same
/// filter: four filters of 2×2 taps, summed from the 3×3, that read the pixels as they are.
struct RoundedFilters: Sendable {
    /// What one segment of a product reads: 32 numbers a pixel.
    ///
    /// These are two blocks of one column, or, of the last of an odd number of blocks, that of a column and that of the next.
    struct Segment: Equatable {
        /// From the row above the output's on.
        let row: Int
        /// Which 32 numbers of the staged pixels.
        let chunk: Int
        /// From the column left of the output's on.
        let column: Int
    }

    /// The filters of some of the outputs.
    struct Phase: Sendable {
        /// Where they lie.
        struct View {
            let segments: UnsafeBufferPointer<Segment>
            let numbers: UnsafePointer<UInt16>?
        }

        let segments: [Segment]
        /// Numbers `[ceil(outputs / 16)][segments][16][16][2]`, two in the place of a float: a tensor begins where a cache
        /// line does, and a row of a tile that spans two lines takes twice as long to load.
        private let packed: Tensor

        init(segments: [Segment], blocks: Int, _ fill: (_ numbers: UnsafeMutableBufferPointer<UInt16>) -> Void) {
            var packed = Tensor([blocks, segments.count, 256])
            packed.withMutableFloats { $0.withMemoryRebound(to: UInt16.self, fill) }
            (self.segments, self.packed) = (segments, packed)
        }

        /// Lends where segments and numbers lie.
        private func withView(_ body: (View) -> Void) {
            packed.withFloats { floats in
                floats.withMemoryRebound(to: UInt16.self) { numbers in
                    segments.withUnsafeBufferPointer { body(View(segments: $0, numbers: numbers.baseAddress)) }
                }
            }
        }

        /// Lends where those of several phases lie: who asks once for many rows lets no threads count references to them.
        static func withViews(_ phases: ArraySlice<Phase>, _ found: [View] = [], _ body: ([View]) -> Void) {
            guard let first = phases.first else { return body(found) }
            first.withView { withViews(phases.dropFirst(), found + [$0], body) }
        }
    }

    let inputs: Int
    let outputs: Int
    /// 1, or 2 where pixels are read at twice their size.
    let enlargement: Int
    /// Of the outputs' rows and columns, each modulo `enlargement`, row by row.
    let phases: [Phase]

    var inputBlocks: Int { BlockTensor.blockCount(inputs) }
    var outputBlocks: Int { BlockTensor.blockCount(outputs) }
    /// Parts of 32 numbers of a staged pixel.
    var chunks: Int { (inputBlocks + 1) / 2 }

    /// Packs `weight`, `[outputs, inputs, 3, 3]`.
    init(weight: Tensor, enlargement: Int = 1) {
        precondition(enlargement == 1 || enlargement == 2, "pixels at \(enlargement) times their size")
        (outputs, inputs) = (weight.shape[0], weight.shape[1])
        self.enlargement = enlargement
        phases = (0..<enlargement * enlargement).map { phase in
            Self.phase(weight, enlargement: enlargement, row: phase / enlargement, column: phase % enlargement)
        }
    }

    private static func phase(_ weight: Tensor, enlargement: Int, row: Int, column: Int) -> Phase {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        let blocks = BlockTensor.blockCount(inputs)
        let filters = enlargement == 1 ? weight.values : EnlargedTaps.summed(weight, row: row, column: column).values
        let taps = enlargement == 1 ? 3 : 2
        let segments = (row..<row + taps).flatMap { y in
            (0..<(blocks + 1) / 2).flatMap { chunk in
                stride(from: column, to: column + taps, by: chunk * 2 + 1 < blocks ? 1 : 2).map {
                    Segment(row: y, chunk: chunk, column: $0)
                }
            }
        }
        return Phase(segments: segments, blocks: BlockTensor.blockCount(outputs)) { numbers in
            for output in 0..<outputs {
                for (index, segment) in segments.enumerated() {
                    let isShared = segment.chunk * 2 + 1 == blocks
                    for k in 0..<32 {
                        let x = segment.column + (isShared ? k / 16 : 0)
                        let input = segment.chunk * 32 + (isShared ? k % 16 : k)
                        guard x < column + taps, input < inputs else { continue }
                        let place = (output / 16 * segments.count + index) * 512
                        numbers[place + k / 2 * 32 + output % 16 * 2 + k % 2] = rounded(
                            filters[(output * inputs + input) * 9 + segment.row * 3 + x])
                    }
                }
            }
        }
    }

    /// The nearest bfloat16, the even one of two.
    private static func rounded(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }
}
