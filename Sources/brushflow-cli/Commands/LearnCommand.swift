import ArgumentParser
import Brushflow
import Foundation

/// `brushflow learn`.
struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Learn paintings, as a style network for `--style`.",
        discussion: """
            Several paintings make one network with a style for each. The same words give the same file; a time (--time) \
            is turned into steps once, and the number is printed. Beside the file lie the losses of every step as a table \
            (.loss.csv) and a picture (.loss.svg). Ctrl-C keeps a checkpoint that --resume goes on from.
            """)

    @Option(
        help: ArgumentHelp(
            "An image to learn; repeatable. It is called NAME, or as its file is.", valueName: "[NAME=]IMAGE"))
    var style: [String] = []

    @Option(
        help: ArgumentHelp("Who painted a style; repeatable.", valueName: "NAME=ARTIST, TITLE, YEAR"))
    var credit: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The network, .safetensors.", valueName: "OUT.safetensors"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "What to practise on: a directory of photographs, or a clip. Drawn pictures without it.",
            valueName: "DIR|CLIP"))
    var photos: String?

    @Option(help: ArgumentHelp("Steps to take; 0, with --from, only renames, credits and measures.", valueName: "N"))
    var steps: Int?

    @Option(help: ArgumentHelp("Time to learn, 60s or 1:30:00, instead of --steps; 60s by default.", valueName: "T"))
    var time: TimePoint?

    @Option(help: ArgumentHelp("Columns and rows of the training frames, a multiple of 16.", valueName: "N"))
    var size = 192

    @Option(help: ArgumentHelp("Pairs of frames a step.", valueName: "N"))
    var batch = 4

    @Option(
        help: ArgumentHelp(
            "A learned network to start from, or `bundled` for the one that ships.", valueName: "BASE.safetensors"))
    var from: String?

    @Option(help: ArgumentHelp("Perceptual encoder: a safetensors file, VGG-19 for example.", valueName: "FILE"))
    var encoder: String?

    @Option(help: ArgumentHelp("Seed of everything random.", valueName: "N"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Threads; one per core by default.", valueName: "N"))
    var threads: Int?

    @Option(help: ArgumentHelp("Where the state is kept meanwhile; beside the output by default.", valueName: "FILE"))
    var checkpoint: String?

    @Flag(help: "Go on from the checkpoint of a run that was stopped.")
    var resume = false

    @OptionGroup
    var reporting: ReportOptions

    func run() throws {
        let token = CancellationToken()
        // A step with a large encoder takes seconds, and the checkpoint is written after it.
        let signals = Signals(cancelling: token, patience: 60)
        defer { withExtendedLifetime(signals) {} }
        let job = try LearnJob(request(), token: token)
        let json = reporting.json
        let summary = try RunReporter(json: json, unit: .step).watch { monitor in
            try job.run(monitor: monitor) { note in
                if !json { Terminal.line(note) }
            }
        }
        report(summary)
    }

    private func request() throws -> LearnRequest {
        guard steps == nil || time == nil else {
            throw BrushflowError(.usage, "--steps and --time: give one of the two")
        }
        var request = LearnRequest(styles: try LearnStyle.list(style, credits: credit), output: output)
        request.photographs = photos
        if let steps { request.budget = .steps(steps) }
        if let time { request.budget = .seconds(time.seconds) }
        (request.side, request.batch, request.seed) = (size, batch, seed)
        request.base = from.map { $0 == "bundled" ? .bundled : .file($0) }
        request.encoder = encoder
        request.threads = try SettingsOptions.checked(threads: threads)
        (request.checkpoint, request.resumes, request.overwrite) = (checkpoint, resume, reporting.overwrite)
        return request
    }

    private func report(_ summary: LearnSummary) {
        if reporting.json {
            var line = JSONLine(event: "done")
            line.add("output", output)
            line.add("steps", summary.steps)
            line.add("seconds", summary.seconds)
            line.add("secondsWaited", summary.secondsWaited)
            line.add("firstLoss", summary.firstLoss)
            line.add("lastLoss", summary.lastLoss)
            line.add("notes", summary.notes)
            Terminal.result(line.text)
            return
        }
        for note in summary.notes { Terminal.line("note: \(note)") }
        let losses = String(format: "loss %.4f to %.4f", summary.firstLoss, summary.lastLoss)
        Terminal.line("\(output): \(summary.steps) steps in \(RunReporter.clock(summary.seconds)), \(losses)")
    }
}
