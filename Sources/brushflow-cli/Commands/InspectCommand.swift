import ArgumentParser
import Brushflow

/// `brushflow inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Describe a network: layers, shapes, parameters, cost, and every operator that is not supported.")

    @Argument(help: ArgumentHelp("An .onnx or .safetensors file.", valueName: "FILE"))
    var file: String

    @Option(
        help: ArgumentHelp("The frame that costs are told for; 640x360 unless the file names one.", valueName: "WxH"))
    var size: FrameSizeArgument?

    func run() throws {
        let job = try InspectJob(path: file, size: size.map { ($0.width, $0.height) })
        for line in try job.run() { Terminal.result(line) }
    }
}
