/// Gives packets their decode time stamps: those of the presented frames in order, later by a constant number of
/// frames, so that they rise through the whole stream however often the encoder is reopened.
///
/// Time stamps are in the description's ticks. Frames are numbered from 0 over the whole stream.
struct DecodeTimes {
    /// What a packet is written with.
    struct Times: Equatable {
        var pts: Int64
        var dts: Int64
        var duration: Int64
    }

    /// The frames that an encoder may hold a packet's frame back by to reorder.
    let reorderDelay: Int
    private(set) var frameCount = 0
    private(set) var packetCount = 0
    private var presentation: [Int64] = []
    /// The number of the frame that `presentation` begins with.
    private var base = 0
    private var first: Int64?
    private var firstInterval: Int64?
    private var lastDuration: Int64?
    private let standardDuration: Int64

    /// - Parameter standardDuration: of a frame whose successor and own duration are unknown.
    init(reorderDelay: Int, standardDuration: Int64) {
        self.reorderDelay = reorderDelay
        self.standardDuration = standardDuration
    }

    /// Takes the next frame's time stamp, greater than the one before.
    mutating func append(pts: Int64, duration: Int64?) {
        if let last = presentation.last {
            precondition(pts > last, "time stamp \(pts) after \(last)")
            if firstInterval == nil { firstInterval = pts - last }
        }
        if first == nil { first = pts }
        lastDuration = duration
        presentation.append(pts)
        frameCount += 1
    }

    /// Whether a frame's duration is known: its successor is.
    func isDurationKnown(frame: Int) -> Bool { frame + 1 < frameCount }

    /// The times of the next packet in decoding order, which holds frame `frame`.
    ///
    /// - Returns: nil where the frame is further out of order than the delay allows.
    mutating func next(frame: Int) -> Times? {
        guard let first, frame >= base, frame < frameCount else { return nil }
        let pts = presentation[frame - base]
        let interval = firstInterval ?? lastDuration ?? standardDuration
        let source = packetCount - reorderDelay
        let dts = source >= 0 ? presentation[source - base] : first + Int64(source) * interval
        guard dts <= pts else { return nil }
        let duration =
            isDurationKnown(frame: frame)
            ? presentation[frame + 1 - base] - pts : lastDuration ?? lastInterval ?? standardDuration
        packetCount += 1
        forget()
        return Times(pts: pts, dts: dts, duration: duration)
    }

    private var lastInterval: Int64? {
        presentation.count < 2 ? nil : presentation[presentation.count - 1] - presentation[presentation.count - 2]
    }

    /// Drops time stamps that no later packet refers to, now and then.
    private mutating func forget() {
        let needed = packetCount - reorderDelay - 64
        guard needed - base > 1024 else { return }
        presentation.removeFirst(needed - base)
        base = needed
    }
}
