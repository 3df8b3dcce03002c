/// The tiles of outputs, as many across as down, that cover some rows of a picture, counted row by row.
struct WinogradGrid {
    /// The output rows covered.
    let rows: Range<Int>
    /// Tiles in a row of tiles.
    let across: Int
    /// All tiles.
    let count: Int
    private let side: Int

    /// Covers `rows` of a picture of `width` columns with tiles of `side`×`side` outputs.
    init(rows: Range<Int>, width: Int, side: Int) {
        self.rows = rows
        self.side = side
        across = (width + side - 1) / side
        count = across * ((rows.count + side - 1) / side)
    }

    /// The held row that each position of the tiles reads, −1 for zeros. Tiles that hang over the last row have
    /// nothing to read there and repeat what the last one reads.
    func rowTable(_ axis: ReadAxis, held: Range<Int>) -> [Int32] {
        let last = rows.upperBound + 1
        return (rows.lowerBound..<rows.lowerBound + count / across * side + 2).map { position in
            guard let row = axis.index(min(position, last)) else { return -1 }
            precondition(held.contains(row), "row \(row) is read, \(held) are there")
            return Int32(row - held.lowerBound)
        }
    }
}
