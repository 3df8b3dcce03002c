import CKernels

/// How the filters of a Winograd convolution lie for the kernel that multiplies them.
enum WinogradForm: Sendable {
    /// `[depth][16]` a block of outputs, for `product`.
    case floats
    /// As split numbers, for `split_product`.
    case split

    /// The faster one here for so many input channels, whole blocks: splitting tiles pays where there is enough to
    /// multiply them with.
    static func best(depth: Int, outputBlocks: Int) -> WinogradForm {
        let pays = depth >= 64 && depth % 32 == 0 && outputBlocks >= 2
        return pays && bf_kernels_current().pointee.blocks.splits != 0 ? .split : .floats
    }

    /// Tiles that the kernel keeps in registers.
    var tiles: Int { self == .floats ? 14 : 32 }

    /// Output blocks whose tiles are multiplied together where all threads are at one step: a share of the filters that
    /// stays in a second-level cache.
    var sharedBlocks: Int { self == .floats ? 8 : 16 }

    /// Tiles that products have memory for.
    func room(tiles: Int) -> Int { self == .floats ? tiles : (tiles + 15) / 16 * 16 }

    /// Floats of the filters of one output block at one position.
    func filterFloats(depth: Int) -> Int { depth * (self == .floats ? 16 : 24) }

    /// Floats of scratch memory that a product needs, at least 1.
    func scratchFloats(depth: Int) -> Int { self == .floats ? 1 : 48 * depth }

    /// Whether the transformed tiles of one core (the micro-kernel's 14, twice) and their products fit in its
    /// second-level cache, beside filters that stream through it.
    func fitsACore(depth: Int) -> Bool { 28 * 36 * depth <= 144 << 10 }

    /// Output blocks whose filters lie together: as many as one core multiplies before it transforms back, or all.
    func group(depth: Int, blocks: Int) -> Int { fitsACore(depth: depth) ? (self == .floats ? 2 : 4) : blocks }
}
