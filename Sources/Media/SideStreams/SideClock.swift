import CFFmpeg

/// Maps a source's time stamps to the output's timeline.
struct SideClock {
    /// The source's time that is 0 in the output, microseconds.
    var zero: Int64
    /// The source's time that the output ends before, microseconds; nil for the source's end.
    var end: Int64?

    static let microseconds = AVRational(num: 1, den: AV_TIME_BASE)

    /// Whether a part at either end is cut away.
    let cuts: Bool

    /// A source time stamp on the output's timeline, in the same ticks.
    func shifted(_ ticks: Int64, _ timeBase: AVRational) -> Int64 {
        let offset = av_rescale_q(zero, Self.microseconds, timeBase)
        return ticks.subtractingReportingOverflow(offset).partialValue
    }

    /// A source time stamp as seconds of the output's timeline.
    func seconds(_ ticks: Int64, _ timeBase: AVRational) -> Double {
        Double(ticks) * av_q2d(timeBase) - Double(zero) / Double(AV_TIME_BASE)
    }

    /// The length of the output in seconds; nil where the source's end decides.
    var length: Double? { end.map { Double($0 - zero) / Double(AV_TIME_BASE) } }
}
