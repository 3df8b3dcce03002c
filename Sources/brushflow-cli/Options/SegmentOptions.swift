import ArgumentParser
import Brushflow

/// `--from`, `--to` and `--duration`.
struct SegmentOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Start here: seconds or hh:mm:ss.mmm.", valueName: "T"))
    var from: TimePoint?

    @Option(help: ArgumentHelp("Stop before this time.", valueName: "T"))
    var to: TimePoint?

    @Option(help: ArgumentHelp("Stop after this long; instead of --to.", valueName: "D"))
    var duration: TimePoint?

    /// The segment, or nil for the whole clip.
    func segment() throws -> MediaSegment? {
        guard from != nil || to != nil || duration != nil else { return nil }
        if to != nil, duration != nil {
            throw BrushflowError(.usage, "--to and --duration exclude each other; give one of them")
        }
        let start = from?.seconds ?? 0
        return try MediaSegment(from: start, to: to?.seconds ?? duration.map { start + $0.seconds })
    }
}
