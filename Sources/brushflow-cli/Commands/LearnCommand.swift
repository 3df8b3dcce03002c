import ArgumentParser
import Brushflow
import Foundation

/// `brushflow learn`.
struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Learn paintings, as a style network for `--style`; or a slim encoder, from VGG-19.",
        discussion: """
            Several paintings make one network with a style for each. The same words give the same file; a time (--time) \
            is turned into steps once, and the number is printed. Beside the file lie the losses of every step as a table \
            (.loss.csv) and a picture (.loss.svg). Ctrl-C keeps a checkpoint that --resume goes on from.

            With --encoder VGG19.safetensors and --photos DIR but no --style, what is learned is a slim encoder that carries \
            VGG-19's features at a fiftieth of its cost, such as the one inside the binary. The last twentieth of the \
            photographs is kept apart: what share of the features' variance the encoder leaves unexplained there, at \
            relu1_1, relu2_1, relu3_1 and relu4_1, is printed for the beginning and the end, and written into the file.
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
        help: ArgumentHelp("What is learned, .safetensors.", valueName: "OUT.safetensors"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "What to practise on: a directory of photographs, or a clip. Drawn pictures without it.",
            valueName: "DIR|CLIP"))
    var photos: String?

    @Option(
        help: ArgumentHelp(
            "For an encoder: paintings that pictures shall look like. The photographs without it.", valueName: "DIR"))
    var paintings: String?

    @Option(help: ArgumentHelp("Steps to take; 0, with --from, only renames, credits and measures.", valueName: "N"))
    var steps: Int?

    @Option(
        help: ArgumentHelp(
            "Time to learn, 60s or 1:30:00, instead of --steps; 60s by default, 1:00:00 for an encoder.", valueName: "T"
        ))
    var time: TimePoint?

    @Option(
        help: ArgumentHelp(
            "Columns and rows of the training frames, a multiple of 16; 192 by default, 128 for an encoder.",
            valueName: "N"))
    var size: Int?

    @Option(
        help: ArgumentHelp(
            "Pairs of frames a step, 4 by default; for an encoder pictures, a multiple of 4, 16 by default.",
            valueName: "N"))
    var batch: Int?

    @Option(
        help: ArgumentHelp(
            "A learned network, or encoder, to start from, or `bundled` for the one that ships.",
            valueName: "BASE.safetensors"))
    var from: String?

    @Option(
        help: ArgumentHelp(
            "Perceptual encoder: a safetensors file, VGG-19 for example. Without --style, whose features are learned.",
            valueName: "FILE"))
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
        if style.isEmpty, let encoder { return try learn(encoder: encoder, token) }
        let job = try LearnJob(request(), token: token)
        report(try watch { try job.run(monitor: $0, announce: $1) })
    }

    /// Runs a job, telling how far it has come.
    private func watch<Summary>(
        _ run: (RunMonitor, (String) -> Void) throws -> Summary
    ) throws -> Summary {
        let json = reporting.json
        return try RunReporter(json: json, unit: .step).watch { monitor in
            try run(monitor) { note in
                if !json { Terminal.line(note) }
            }
        }
    }

    private func learn(encoder: String, _ token: CancellationToken) throws {
        guard credit.isEmpty else { throw BrushflowError(.usage, "--credit: is for styles; an encoder has none") }
        guard let photos else {
            throw BrushflowError(
                .usage,
                "--encoder \(encoder): give --photos DIR to learn a slim encoder from it, or --style IMAGE to learn a style "
                    + "with it")
        }
        var request = EncoderLearnRequest(encoder: encoder, photographs: photos, output: output)
        request.paintings = paintings
        request.budget = try budget() ?? request.budget
        request.side = size ?? request.side
        request.batch = batch ?? request.batch
        request.base = base
        request.seed = seed
        request.threads = try SettingsOptions.checked(threads: threads)
        (request.checkpoint, request.resumes, request.overwrite) = (checkpoint, resume, reporting.overwrite)
        let job = try EncoderLearnJob(request, token: token)
        report(try watch { try job.run(monitor: $0, announce: $1) })
    }

    private func request() throws -> LearnRequest {
        var request = LearnRequest(styles: try LearnStyle.list(style, credits: credit), output: output)
        if let paintings {
            throw BrushflowError(
                .usage, "--paintings \(paintings): is for an encoder; give paintings to learn as --style")
        }
        request.photographs = photos
        request.budget = try budget() ?? request.budget
        request.side = size ?? request.side
        request.batch = batch ?? request.batch
        request.base = base
        request.encoder = encoder
        request.seed = seed
        request.threads = try SettingsOptions.checked(threads: threads)
        (request.checkpoint, request.resumes, request.overwrite) = (checkpoint, resume, reporting.overwrite)
        return request
    }

    private var base: LearnRequest.Base? { from.map { $0 == "bundled" ? .bundled : .file($0) } }

    private func budget() throws -> LearnRequest.Budget? {
        switch (steps, time) {
        case (.some, .some): throw BrushflowError(.usage, "--steps and --time: give one of the two")
        case (let steps?, nil): .steps(steps)
        case (nil, let time?): .seconds(time.seconds)
        case (nil, nil): nil
        }
    }

    private func report(_ summary: EncoderLearnSummary) {
        if reporting.json {
            var line = JSONLine(event: "done")
            line.add("output", output)
            line.add("steps", summary.steps)
            line.add("seconds", summary.seconds)
            line.add("secondsWaited", summary.secondsWaited)
            for (name, figures) in [("before", summary.before), ("after", summary.after)] {
                for (kind, values) in [
                    ("Photographs", figures.photographs), ("Painted", figures.painted),
                    ("Optimized", figures.optimized),
                ] {
                    let named = Dictionary(uniqueKeysWithValues: zip(EncoderFigures.taps, values))
                    line.add(name + kind, named)
                }
                line.add(name + "OptimizedStyleDistance", figures.optimizedStyleDistance)
                line.add(name + "RivalStyleDistance", figures.rivalStyleDistance)
            }
            line.add("notes", summary.notes)
            Terminal.result(line.text)
            return
        }
        for note in summary.notes { Terminal.line("note: \(note)") }
        Terminal.line("at the end, unexplained: \(summary.after.text)")
        Terminal.line("\(output): \(summary.steps) steps in \(RunReporter.clock(summary.seconds))")
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
