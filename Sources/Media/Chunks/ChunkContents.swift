/// What a finished chunk's file holds.
package struct ChunkContents: Codable, Sendable, Equatable {
    /// Its frames, at least 1.
    package var frames: Int
    /// The time stamp of its first frame, in ticks of the source's time base.
    package var firstPts: Int64
    /// The time stamp of its last frame.
    package var lastPts: Int64
    /// The size of its file.
    package var bytes: Int
    /// The `ContentDigest` of its file.
    package var digest: String

    package init(frames: Int, firstPts: Int64, lastPts: Int64, bytes: Int, digest: String) {
        self.frames = frames
        self.firstPts = firstPts
        self.lastPts = lastPts
        self.bytes = bytes
        self.digest = digest
    }
}
