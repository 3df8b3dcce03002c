import Tensors

/// What a Winograd convolution computes of the tiles that it reads: all of its outputs, or, where it reads pixels at twice their
/// size, those that are the same one of the four pixels that each becomes.
struct WinogradPhase: Sendable {
    let filters: WinogradFilters
    /// Of the first output, in pixels of the output.
    let row: Int
    let column: Int
    /// The row and the column of positions at which all filters are zero, nil where none are.
    private let unreadRow: Int?
    private let unreadColumn: Int?

    /// All outputs.
    init(_ filters: WinogradFilters) {
        self.filters = filters
        (row, column, unreadRow, unreadColumn) = (0, 0, nil, nil)
    }

    /// One of four, of filters for painting, `[outputs, inputs, 3, 3]`.
    private init(enlarging weight: Tensor, row: Int, column: Int) {
        filters = WinogradFilters(painting: EnlargedTaps.summed(weight, row: row, column: column))
        (self.row, self.column) = (row, column)
        // The first position along an axis takes the first tap alone, the last one the last tap alone.
        let ends = [0, filters.form.side + 1]
        unreadRow = ends[EnlargedTaps.unread(phase: row) / 2]
        unreadColumn = ends[EnlargedTaps.unread(phase: column) / 2]
    }

    /// Whether all filters are zero at a position.
    func isZero(at position: Int) -> Bool {
        let extent = filters.form.side + 2
        return position / extent == unreadRow || position % extent == unreadColumn
    }

    /// All four, row by row; nil where their tiles do not fit a core.
    static func enlarging(_ weight: Tensor) -> [WinogradPhase]? {
        let phases = (0..<4).map { WinogradPhase(enlarging: weight, row: $0 / 2, column: $0 % 2) }
        return phases.allSatisfy { $0.filters.form.fitsACore(depth: $0.filters.depth) } ? phases : nil
    }
}
