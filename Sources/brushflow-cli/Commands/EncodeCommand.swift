import ArgumentParser
import Brushflow

/// `brushflow encode`.
struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Encode a directory of frames to a video, as it is.")

    @Argument(help: ArgumentHelp("A directory of numbered frames.", valueName: "DIR"))
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("A video: .mp4, .mov, .mkv or .webm.", valueName: "OUT"))
    var output: String

    @Option(help: ArgumentHelp("Frames a second: 25, 23.976 or 30000/1001.", valueName: "R"))
    var fps: FrameRateArgument

    @Option(help: ArgumentHelp("Take the audio of this clip.", valueName: "CLIP"))
    var audioFrom: String?

    @OptionGroup(title: "Encoding")
    var encode: EncodeOptions

    @OptionGroup
    var reporting: ReportOptions

    func run() throws {
        let token = CancellationToken()
        let signals = Signals(cancelling: token)
        defer { withExtendedLifetime(signals) {} }
        var request = StylizeRequest(input: input, output: output, style: nil)
        try encode.apply(to: &request.configuration)
        request.frameRate = fps.rate
        request.audioFrom = audioFrom
        request.overwrite = reporting.overwrite
        let job = try StylizeJob(request, token: token, logger: reporting.logger)
        let reporter = RunReporter(json: reporting.json)
        reporter.report(try reporter.run(job), output: output)
    }
}
