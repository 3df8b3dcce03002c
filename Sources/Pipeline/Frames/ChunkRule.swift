/// Parts a run's frames into chunks: at every shot, and after a number of frames of a long one. The stages that need to know
/// each follow a rule of their own, and agree because they see the same frames.
///
/// A stop costs the frames that are painted and belong to no finished chunk: those of the chunk and those on their way to the
/// encoder. Chunks are shorter by the latter, so that both together stay under the length that was asked for.
package struct ChunkRule: Sendable {
    /// What a frame is to its chunk.
    package struct Place: Sendable, Equatable {
        /// Whether a chunk begins with it.
        package let begins: Bool
        /// Whether its chunk ends with it whatever comes next.
        package let ends: Bool
    }

    /// The painted frames that may wait before the encoder: two, whatever the other queues hold.
    package static let waiting = 2
    /// The painted frames that may be outside the chunk that is being written: one in the painter's hands, those that wait, and
    /// the first frame of the next shot, with which the encoder ends the chunk.
    private static let underWay = waiting + 2

    /// The frames of the longest chunk.
    package let length: Int
    private var frames = 0

    /// Chunks that cost less than `work` frames when a run is stopped; from 8 on that is so, and smaller ones have half of it.
    package init(work: Int) {
        precondition(work >= 1, "chunks of \(work) frames")
        length = max(1, work - min(Self.underWay, work / 2))
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
