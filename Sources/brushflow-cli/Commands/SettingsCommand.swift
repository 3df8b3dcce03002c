import ArgumentParser
import Brushflow

/// `brushflow settings`.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "List every setting with its value, what it may be and what it does.")

    @Option(help: ArgumentHelp("Show the values of draft, balanced, best, or a .yml file.", valueName: "NAME|FILE"))
    var pipeline = "balanced"

    func run() throws {
        for setting in try Configuration.named(pipeline).settings {
            Terminal.result("\(setting.name)=\(setting.value)")
            Terminal.result("    \(setting.summary) (\(setting.allowed)).")
        }
    }
}
