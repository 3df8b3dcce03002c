/// Some pictures of a collection that lie side by side.
package struct PictureRange: PictureCollection {
    private let whole: any PictureCollection
    private let range: Range<Int>

    /// Takes the pictures of `range`, which is not empty and within the collection.
    package init(_ whole: any PictureCollection, _ range: Range<Int>) {
        precondition(!range.isEmpty && range.clamped(to: 0..<whole.count) == range, "\(range) of \(whole.count)")
        self.whole = whole
        self.range = range
    }

    package var count: Int { range.count }

    package func picture(at index: Int) throws -> TrainingPicture {
        try whole.picture(at: range.lowerBound + index)
    }
}
