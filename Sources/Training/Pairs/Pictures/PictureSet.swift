/// Pictures in memory: the frames of a clip.
package struct PictureSet: PictureCollection {
    private let pictures: [TrainingPicture]

    /// Takes at least one picture.
    package init(_ pictures: [TrainingPicture]) {
        precondition(!pictures.isEmpty, "no pictures")
        self.pictures = pictures
    }

    package var count: Int { pictures.count }

    package func picture(at index: Int) -> TrainingPicture { pictures[index] }
}
