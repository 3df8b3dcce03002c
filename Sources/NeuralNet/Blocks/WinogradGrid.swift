/// The tiles of 4×4 outputs that cover some rows of a picture, counted row by row.
struct WinogradGrid {
    /// The output rows covered.
    let rows: Range<Int>
    /// Tiles in a row of tiles.
    let across: Int
    /// All tiles.
    let count: Int

    /// Covers `rows` of a picture of `width` columns.
    init(rows: Range<Int>, width: Int) {
        self.rows = rows
        across = (width + 3) / 4
        count = across * ((rows.count + 3) / 4)
    }

    /// The held row that each position of the tiles reads, −1 for zeros. Tiles that hang over the last row have
    /// nothing to read there and repeat what the last one reads.
    func rowTable(_ axis: ReadAxis, held: Range<Int>) -> [Int32] {
        let last = rows.upperBound + 1
        return (rows.lowerBound..<rows.lowerBound + count / across * 4 + 2).map { position in
            guard let row = axis.index(min(position, last)) else { return -1 }
            precondition(held.contains(row), "row \(row) is read, \(held) are there")
            return Int32(row - held.lowerBound)
        }
    }
}
