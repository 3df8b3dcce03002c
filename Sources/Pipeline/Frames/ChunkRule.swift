/// Parts a run's frames into chunks: at every shot, and after a number of frames of a long one. The stages that need to know
/// each follow a rule of their own, and agree because they see the same frames.
package struct ChunkRule: Sendable {
    /// What a frame is to its chunk.
    package struct Place: Sendable, Equatable {
        /// Whether a chunk begins with it.
        package let begins: Bool
        /// Whether its chunk ends with it whatever comes next.
        package let ends: Bool
    }

    private let length: Int
    private var frames = 0

    /// Chunks of at most `length` frames.
    package init(length: Int) {
        precondition(length >= 1, "chunks of \(length) frames")
        self.length = length
    }

    /// The place of the next frame, warm-up aside.
    package mutating func place(startsShot: Bool) -> Place {
        let begins = frames == 0 || startsShot
        frames = begins ? 1 : frames + 1
        let ends = frames == length
        if ends { frames = 0 }
        return Place(begins: begins, ends: ends)
    }
}
