import ArgumentParser
import Brushflow

/// `brushflow styles`.
struct StylesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "styles", abstract: "List the styles that ship, one a line, the name first.")

    func run() {
        let width = StyleCatalogue.entries.map(\.name.count).max() ?? 0
        for style in StyleCatalogue.entries {
            let padding = String(repeating: " ", count: width - style.name.count + 2)
            Terminal.result(style.name + padding + style.summary)
        }
    }
}
