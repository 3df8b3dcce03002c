import CKernels

/// How large the tiles of a Winograd convolution are, and how its filters lie for the kernel that multiplies them.
enum WinogradForm: Sendable {
    /// `[depth][16]` a block of outputs, for `product`.
    case floats
    /// The same for tiles of 6×6 outputs instead of 4×4: 64 products for 36 outputs, not 36 for 16, at some ten times the
    /// rounding error, which is nothing to a painted colour.
    case largeTiles
    /// Tiles of 6×6 outputs in words, whole numbers of 16 bits: 0.7 of the time to multiply with AVX2, at about the rounding
    /// error of bfloat16.
    case words
    /// As split numbers, for `split_product`.
    case split

    /// The faster one here for so many input channels, whole blocks: splitting tiles pays where there is enough to
    /// multiply them with.
    static func best(depth: Int, outputBlocks: Int) -> WinogradForm {
        let pays = depth >= 64 && depth % 32 == 0 && outputBlocks >= 2
        return pays && bf_kernels_current().pointee.blocks.splits != 0 ? .split : .floats
    }

    /// The fastest one here for painting; `rounds`: of those that round what they multiply as well.
    static func painting(depth: Int, outputBlocks: Int, rounds: Bool) -> WinogradForm {
        let best = best(depth: depth, outputBlocks: outputBlocks)
        guard best == .floats, largeTiles.fitsACore(depth: depth) else { return best }
        return rounds && bf_kernels_current().pointee.words.fast != 0 ? .words : .largeTiles
    }

    /// Whether tiles have 6×6 outputs.
    private var isLarge: Bool { self == .largeTiles || self == .words }

    /// Rows and columns of a tile's outputs.
    var side: Int { isLarge ? 6 : 4 }

    /// Positions at which a tile is multiplied.
    var positions: Int { (side + 2) * (side + 2) }

    /// Tiles that the kernel keeps in registers, or a multiple.
    var tiles: Int {
        switch self {
        case .floats: 14
        case .largeTiles, .words: 6
        case .split: 32
        }
    }

    /// The floats of transformed tiles that one core works at best with. Of large tiles, 24 of 48 channels leave one of two threads
    /// with nothing to do for the ninth part of a layer of a 640×360 frame; 12 took a twelfth less processor time as well.
    /// Words are half as large, but 18 or 24 of their tiles took as long as 12.
    var bestFloats: Int { (isLarge ? 36 : 72) << 10 }

    /// The fewest tiles that are worth reading the filters for.
    private var fewest: Int { isLarge ? 12 : 28 }

    /// The fewest that are taken together: whole registers of them.
    var leastTiles: Int { (fewest + tiles - 1) / tiles * tiles }

    /// Output blocks whose tiles are multiplied together where all threads are at one step: a share of the filters that
    /// stays in a second-level cache.
    var sharedBlocks: Int { self == .split ? 16 : 8 }

    /// Tiles that products have memory for.
    func room(tiles: Int) -> Int { self == .split ? (tiles + 15) / 16 * 16 : tiles }

    /// Floats of the filters of one output block at one position.
    func filterFloats(depth: Int) -> Int {
        switch self {
        case .floats, .largeTiles: depth * 16
        case .words: depth * 8 + 16
        case .split: depth * 24
        }
    }

    /// Floats of scratch memory that a product needs, at least 1.
    func scratchFloats(depth: Int) -> Int {
        switch self {
        case .floats, .largeTiles: 1
        case .words: positions
        case .split: 48 * depth
        }
    }

    /// Whether a core's fewest transformed tiles and their products fit in its second-level cache, beside filters that
    /// stream through it.
    func fitsACore(depth: Int) -> Bool { fewest * positions * depth <= 144 << 10 }

    /// Output blocks whose filters lie together: as many as one core multiplies before it transforms back, or all.
    func group(depth: Int, blocks: Int) -> Int { fitsACore(depth: depth) ? (self == .split ? 4 : 2) : blocks }
}
