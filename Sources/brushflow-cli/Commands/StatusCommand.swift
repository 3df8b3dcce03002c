import ArgumentParser
import Brushflow

/// `brushflow status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell what is done of a run of `brushflow stylize`.",
        discussion: "The same command as before goes on with a run that was stopped; --restart begins it anew.")

    @Argument(help: ArgumentHelp("The output of the run.", valueName: "TARGET"))
    var target: String

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        let status = try RunStatus(target: target)
        if json {
            Terminal.result(Self.line(for: status).text)
        } else {
            for line in Self.words(for: status) { Terminal.result(line) }
        }
    }

    private static func words(for status: RunStatus) -> [String] {
        guard let directory = status.directory else { return ["\(status.target): finished; nothing is under way"] }
        let chunks = status.chunkFrames.count == 1 ? "1 chunk" : "\(status.chunkFrames.count) chunks"
        let all = status.expectedFrames.map { " of \($0)" } ?? ""
        let percent = status.expectedFrames.map { " (\(100 * min(status.frames, $0) / max($0, 1)) %)" } ?? ""
        var lines = ["\(status.target): \(status.state.rawValue); \(status.frames)\(all) frames in \(chunks)\(percent)"]
        if status.isPainted { lines[0] += "; all painted, to be joined" }
        if let input = status.input {
            lines.append("input: \(input); style: \(status.settings["--style"] ?? "none")")
        }
        lines.append("kept in \(directory): \((status.bytes + 999) / 1000) kB")
        if status.state == .stopped { lines.append("the same command as before goes on; --restart begins anew") }
        return lines
    }

    private static func line(for status: RunStatus) -> JSONLine {
        var line = JSONLine(event: "status")
        line.add("target", status.target)
        line.add("state", status.state.rawValue)
        line.add("directory", status.directory)
        line.add("input", status.input)
        line.add("frames", status.frames)
        line.add("expectedFrames", status.expectedFrames)
        line.add("chunkFrames", status.chunkFrames)
        line.add("bytes", status.bytes)
        line.add("painted", status.isPainted)
        line.add("settings", status.settings)
        return line
    }
}
