import ArgumentParser
import Brushflow

/// `brushflow stylize`.
struct StylizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stylize",
        abstract: "Paint a video file, a directory of frames, or one image.",
        discussion: """
            A segment (--from, --to, --duration) is painted as the whole run would paint it where it starts at a \
            scene cut; elsewhere the temporal state is warmed up over 8 frames before it (temporal.warmUp).

            What is finished is kept in the directory .NAME.brushflow beside an OUTPUT called NAME. Where a run was stopped, \
            however it was, the same command goes on; `brushflow status OUTPUT` tells how far it is.
            """)

    @Argument(help: ArgumentHelp("A video file, a directory of frames, or one image.", valueName: "INPUT"))
    var input: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A video (.mp4, .mov, .mkv, .webm), an image, or, ending in /, a directory of PNG files.",
            valueName: "OUTPUT"))
    var output: String

    @OptionGroup(title: "Style")
    var style: StyleOptions

    @OptionGroup(title: "Segment")
    var segment: SegmentOptions

    @OptionGroup(title: "Settings")
    var settings: SettingsOptions

    @Option(help: ArgumentHelp("Frame rate of a directory of frames.", valueName: "R"))
    var fps: FrameRateArgument?

    @Flag(help: "Begin anew where a run of this output was stopped, instead of going on.")
    var restart = false

    @Flag(help: "Print the plan (frames, size, expected seconds and memory) and stop.")
    var dryRun = false

    @Option(help: ArgumentHelp("Measure the result and write a report with plots and pictures.", valueName: "OUT.html"))
    var report: String?
    @OptionGroup
    var reporting: ReportOptions

    func run() throws {
        let token = CancellationToken()
        let signals = Signals(cancelling: token)
        defer { withExtendedLifetime(signals) {} }
        var request = StylizeRequest(input: input, output: output, style: nil)
        try settings.apply(to: &request)
        try style.apply(to: &request)
        request.segment = try segment.segment()
        request.overwrite = reporting.overwrite
        request.isResumable = true
        request.restarts = restart
        if let fps { request.frameRate = fps.rate }
        if let report { try MeasureJob.check(report: report, after: request) }
        try RunReporter.fit(&request, plansOnly: dryRun, token: token, json: reporting.json)
        let job = try StylizeJob(request, token: token, logger: reporting.logger)
        if dryRun {
            PlanPrinter(json: reporting.json).print(job.plan, try job.estimate())
            return
        }
        let reporter = RunReporter(json: reporting.json)
        reporter.report(try reporter.run(job), output: output)
        guard let report else { return }
        let measurement = try MeasureJob(MeasureRequest(after: request, report: report), token: token)
        try MeasurementPrinter(json: reporting.json).run(measurement, report: report)
    }
}
