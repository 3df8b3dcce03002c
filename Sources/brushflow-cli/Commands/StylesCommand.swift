import ArgumentParser
import Brushflow

/// `brushflow styles`.
struct StylesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "styles",
        abstract: "List the styles that ship, or those of a learned network, one a line, the name first.",
        discussion: """
            A learned style is painted by its network, as fast as clips play on many machines; a drawn one by the optimiser, \
            seconds a frame.
            """)

    @Argument(help: ArgumentHelp("A network that `brushflow learn` made.", valueName: "NETWORK.safetensors"))
    var network: String?

    @Option(help: ArgumentHelp("Paint a picture with each into this directory, NAME.png.", valueName: "DIR"))
    var preview: String?

    @Option(help: ArgumentHelp("The picture to paint; a drawn one by default.", valueName: "IMAGE"))
    var picture: String?

    @Option(help: ArgumentHelp("Threads; one per core by default.", valueName: "N"))
    var threads: Int?

    @OptionGroup
    var reporting: ReportOptions

    func run() throws {
        guard let preview else {
            guard picture == nil else {
                throw BrushflowError(.usage, "--picture: is for --preview DIR, which says where paintings go")
            }
            list(try StyleCatalogue.entries(of: network))
            return
        }
        let token = CancellationToken()
        let signals = Signals(cancelling: token)
        defer { withExtendedLifetime(signals) {} }
        let job = try StylePreviewJob(
            network: network, picture: picture, directory: preview, overwrite: reporting.overwrite,
            threads: try SettingsOptions.checked(threads: threads), token: token)
        try job.run { file in
            guard reporting.json else { return Terminal.line(file) }
            var line = JSONLine(event: "preview")
            line.add("file", file)
            Terminal.result(line.text)
        }
    }

    private func list(_ styles: [StyleCatalogue.Entry]) {
        func padded(_ word: String, among words: [String]) -> String {
            word + String(repeating: " ", count: (words.map(\.count).max() ?? 0) - word.count + 2)
        }
        let (names, kinds) = (styles.map(\.name), styles.map(\.kind.rawValue))
        let areMixed = Set(kinds).count > 1
        for style in styles {
            guard reporting.json else {
                let kind = areMixed ? padded(style.kind.rawValue, among: kinds) : ""
                let text = padded(style.name, among: names) + kind + style.summary
                Terminal.result(style.summary.isEmpty ? style.name : text)
                continue
            }
            var line = JSONLine(event: "style")
            line.add("name", style.name)
            line.add("kind", style.kind.rawValue)
            line.add("summary", style.summary)
            line.add("artist", style.credit?.artist)
            line.add("title", style.credit?.title)
            line.add("year", style.credit?.year)
            Terminal.result(line.text)
        }
    }
}
