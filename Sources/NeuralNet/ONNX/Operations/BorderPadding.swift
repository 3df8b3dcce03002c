/// Rows and columns put around an image, and what stands in them.
struct BorderPadding: Sendable, Equatable {
    /// What a position outside an axis reads.
    enum Mode: Sendable, Equatable {
        case zero
        /// Mirrored about the border pixel, which is not repeated.
        case reflection
        /// The border pixel.
        case edge
        /// The other end of the axis.
        case wrap

        /// The same as the block engine's kernels know it; nil where they do not.
        var blockPadding: Padding? {
            switch self {
            case .zero: .zero
            case .reflection: .reflection
            case .edge: .edge
            case .wrap: nil
            }
        }
    }

    let mode: Mode
    let top: Int
    let left: Int
    let bottom: Int
    let right: Int

    /// The input index of every position of an axis from −`before` to `extent` + `after`, −1 for zeros. Either
    /// may be negative, which cuts. Mirroring needs less than the extent.
    static func map(extent: Int, before: Int, after: Int, mode: Mode) -> [Int32] {
        (-before..<max(extent + after, -before)).map { index($0, extent: extent, mode: mode) }
    }

    /// The input index that a position reads, −1 for zero.
    static func index(_ position: Int, extent: Int, mode: Mode) -> Int32 {
        if (0..<extent).contains(position) { return Int32(position) }
        switch mode {
        case .zero: return -1
        case .edge: return Int32(position < 0 ? 0 : extent - 1)
        case .reflection:
            let mirrored = position < 0 ? -position : 2 * (extent - 1) - position
            return Int32(min(max(mirrored, 0), extent - 1))
        case .wrap: return Int32(((position % extent) + extent) % extent)
        }
    }
}
