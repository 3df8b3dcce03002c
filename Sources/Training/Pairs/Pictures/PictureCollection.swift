/// Pictures that training pairs are cut from, each by its index. Which picture an index gives never changes.
package protocol PictureCollection: Sendable {
    /// How many there are; at least 1.
    var count: Int { get }

    /// The picture at `index`, in 0 ..< `count`.
    ///
    /// - Throws: where nothing can be read any more.
    func picture(at index: Int) throws -> TrainingPicture
}
