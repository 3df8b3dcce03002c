import CFFmpeg

/// The bound of what libav allocates at once, whatever a file's header says; for the whole process.
enum LibavMemory {
    /// 1 GiB: a plane of 2²⁸ pixels, the most that `limits.pixels` can be, has half of that at 16 bits.
    static let mostBytes = 1 << 30

    private static let bounded: Void = av_max_alloc(mostBytes)

    /// Sets the bound; called before a file is opened.
    static func bound() { _ = bounded }
}
