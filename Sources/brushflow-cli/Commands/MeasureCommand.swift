import ArgumentParser
import Brushflow

/// `brushflow measure`.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure how steady a stylized clip is, and say what the figures mean.",
        discussion: """
            A blurred or frozen clip scores well on every temporal figure, so they are given beside the source's own \
            (the noise floor), sharpness and brightness along the clip and, where --independent is given, beside the \
            same clip painted frame by frame (the upper bracket).
            """)

    @Option(help: ArgumentHelp("The source: a video or a directory of frames.", valueName: "CLIP"))
    var source: String
    @Option(help: ArgumentHelp("The same clip stylized.", valueName: "CLIP"))
    var stylized: String
    @Option(help: ArgumentHelp("The same clip with every frame painted by itself.", valueName: "CLIP"))
    var independent: String?
    @Option(help: ArgumentHelp("The style: an image file, a style's name, or a learned network.", valueName: "STYLE"))
    var style: String?
    @Option(
        help: ArgumentHelp(
            "True flow, NNN.flo or NNN.png (KITTI): from frame NNN, counted from 0, into the one before.",
            valueName: "DIR"))
    var truth: String?
    @Option(help: ArgumentHelp("Write a report with plots and pictures.", valueName: "OUT.html"))
    var report: String?
    @Option(
        help: ArgumentHelp(
            "How thoroughly flow is estimated: ultrafast, fast, steady, medium or accurate.", valueName: "NAME"))
    var preset: String?
    @Option(help: ArgumentHelp("Encoder that judges style and content: a safetensors file.", valueName: "FILE"))
    var encoder: String?
    @Option(help: ArgumentHelp("Threads; the figures do not depend on it. One per core by default.", valueName: "N"))
    var threads: Int?
    @OptionGroup
    var reporting: ReportOptions

    func run() throws {
        let token = CancellationToken()
        let signals = Signals(cancelling: token)
        defer { withExtendedLifetime(signals) {} }
        var request = MeasureRequest(source: source, stylized: stylized)
        request.independent = independent
        request.style = style.map { StyleMixture($0) }
        request.truth = truth
        request.report = report
        if let preset { try request.configuration.apply(preset, for: "flow.preset", flag: "--preset") }
        if let encoder { try request.configuration.apply(encoder, for: "stylize.encoder", flag: "--encoder") }
        request.threads = try SettingsOptions.checked(threads: threads)
        request.overwrite = reporting.overwrite
        try MeasurementPrinter(json: reporting.json).run(MeasureJob(request, token: token), report: report)
    }
}
