/// How a `VideoReader` reads.
public struct VideoReadOptions: Sendable {
    /// Threads of the decoder.
    public var threads: Int
    /// The damaged packets that are skipped before reading fails.
    public var maximumDamagedPackets: Int
    /// The part to read; nil for all.
    public var segment: MediaSegment?
    /// Frames before the segment that are read first and marked `isWarmUp`; fewer where the clip has fewer.
    public var warmUpFrames: Int
    /// Frames of more pixels are refused before memory is taken for them (`limits.pixels`).
    public var maximumPixels: Int
    /// A file whose header promises more frames is refused, and no more are decoded (`limits.frames`).
    public var maximumFrames: Int

    /// Reads the whole clip by default.
    public init(
        threads: Int = 2, maximumDamagedPackets: Int = 100, segment: MediaSegment? = nil, warmUpFrames: Int = 0,
        maximumPixels: Int = 1 << 26, maximumFrames: Int = 10_000_000
    ) {
        precondition(threads >= 1 && maximumDamagedPackets >= 0 && warmUpFrames >= 0 && maximumPixels >= 1)
        precondition(maximumFrames >= 1)
        self.threads = threads
        self.maximumDamagedPackets = maximumDamagedPackets
        self.segment = segment
        self.warmUpFrames = warmUpFrames
        self.maximumPixels = maximumPixels
        self.maximumFrames = maximumFrames
    }
}
