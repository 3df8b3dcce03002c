/// Several collections as one, each picture as likely as any other.
package struct JoinedPictures: PictureCollection {
    private let parts: [any PictureCollection]

    /// Joins at least one collection.
    package init(_ parts: [any PictureCollection]) {
        precondition(!parts.isEmpty, "no collections")
        self.parts = parts
    }

    package var count: Int { parts.reduce(0) { $0 + $1.count } }

    package func picture(at index: Int) throws -> TrainingPicture {
        var rest = index
        for part in parts {
            if rest < part.count { return try part.picture(at: rest) }
            rest -= part.count
        }
        preconditionFailure("picture \(index) of \(count)")
    }
}
