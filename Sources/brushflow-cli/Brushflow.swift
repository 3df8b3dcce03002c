import ArgumentParser
import Brushflow

/// The command `brushflow`.
@main
struct BrushflowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "brushflow",
        abstract: "Paints a video in a chosen style, without flicker.",
        version: Diagnostics.version,
        subcommands: [
            StylizeCommand.self, PreviewCommand.self, EncodeCommand.self, FlowCommand.self, MeasureCommand.self,
            LearnCommand.self, StylesCommand.self, InspectCommand.self, BenchCommand.self, SettingsCommand.self,
            StatusCommand.self,
        ])

    static func main() {
        Session.run(arguments: nil)
    }
}
