import ArgumentParser
import Brushflow

/// `brushflow preview`.
struct PreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Paint a segment of a clip as the full run would, and tell what the full run would cost.",
        discussion: """
            Where the segment starts at a scene cut its frames are those of the full run. Elsewhere the temporal \
            state is warmed up over 8 frames before it (temporal.warmUp), and the first frames can differ slightly.
            """)

    @Argument(help: ArgumentHelp("A video file or a directory of frames.", valueName: "INPUT"))
    var input: String

    @OptionGroup(title: "Style")
    var style: StyleOptions

    @OptionGroup(title: "Segment")
    var segment: SegmentOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A video, or an image for a contact sheet of the segment.", valueName: "OUT"))
    var output: String

    @Flag(help: "Put the source to the left of the result.")
    var compare = false

    @OptionGroup(title: "Settings")
    var settings: SettingsOptions

    @Option(help: ArgumentHelp("Frame rate of a directory of frames.", valueName: "R"))
    var fps: FrameRateArgument?

    @OptionGroup
    var reporting: ReportOptions

    func run() throws {
        let token = CancellationToken()
        let signals = Signals(cancelling: token)
        defer { withExtendedLifetime(signals) {} }
        var request = StylizeRequest(input: input, output: output, style: nil)
        try settings.apply(to: &request)
        try style.apply(to: &request)
        request.segment = try segment.segment() ?? MediaSegment(from: 0, to: 2)
        request.overwrite = reporting.overwrite
        request.compares = compare
        request.makesContactSheet = true
        if let fps { request.frameRate = fps.rate }
        try RunReporter.fit(&request, token: token, json: reporting.json)
        let job = try StylizeJob(request, token: token, logger: reporting.logger)
        let reporter = RunReporter(json: reporting.json)
        let summary = try reporter.run(job)
        reporter.report(summary, output: output)
        PlanPrinter(json: reporting.json).print(fullRun: try job.fullRunEstimate(after: summary))
    }
}
