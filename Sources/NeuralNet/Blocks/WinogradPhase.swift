import Tensors

/// What a Winograd convolution computes of the tiles that it reads: all of its outputs, or, where it reads pixels at twice their
/// size, those that are the same one of the four pixels that each becomes.
struct WinogradPhase: Sendable {
    let filters: WinogradFilters
    /// Of the first output, in pixels of the output.
    let row: Int
    let column: Int
    /// The positions at which all filters are zero, a bit each.
    let zeros: UInt64

    /// All outputs.
    init(_ filters: WinogradFilters) {
        self.filters = filters
        (row, column, zeros) = (0, 0, 0)
    }

    /// One of four, of filters for painting, `[outputs, inputs, 3, 3]`.
    private init(enlarging weight: Tensor, row: Int, column: Int, rounds: Bool) {
        filters = WinogradFilters(painting: EnlargedTaps.summed(weight, row: row, column: column), rounds: rounds)
        (self.row, self.column) = (row, column)
        // The last position along an axis takes the last tap alone, which is zero for the first of two pixels; the first
        // position the first tap, which is zero for the second.
        let last = filters.form.side + 1
        let (unreadRow, unreadColumn) = (row == 0 ? last : 0, column == 0 ? last : 0)
        zeros = (0..<filters.form.positions).reduce(0) { zeros, position in
            let isZero = position / (last + 1) == unreadRow || position % (last + 1) == unreadColumn
            return isZero ? zeros | 1 << position : zeros
        }
    }

    /// Whether all filters are zero at a position.
    func isZero(at position: Int) -> Bool { zeros >> position & 1 != 0 }

    /// All four, row by row; nil where their tiles do not fit a core; `rounds`: as for `WinogradForm.painting`.
    static func enlarging(_ weight: Tensor, rounds: Bool) -> [WinogradPhase]? {
        let depth = BlockTensor.blockCount(weight.shape[1]) * 16
        let form = WinogradForm.painting(
            depth: depth, outputBlocks: BlockTensor.blockCount(weight.shape[0]), rounds: rounds)
        guard form.fitsACore(depth: depth) else { return nil }
        return (0..<4).map { WinogradPhase(enlarging: weight, row: $0 / 2, column: $0 % 2, rounds: rounds) }
    }
}
