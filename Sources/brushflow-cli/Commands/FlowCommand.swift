import ArgumentParser
import Brushflow
import Foundation

/// `brushflow flow`.
struct FlowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flow",
        abstract: "Estimate the optical flow from one image to another.",
        discussion: "The flow is forward: pixel p of A is seen at p + flow(p) of B.")

    @Argument(help: ArgumentHelp("The first image.", valueName: "A"))
    var first: String

    @Argument(help: ArgumentHelp("The second image, of the same size.", valueName: "B"))
    var second: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("OUT.flo (Middlebury's format), or OUT.png for the colour-wheel picture.", valueName: "OUT"))
    var output: String

    @Option(help: ArgumentHelp("Print the end-point error against this flow.", valueName: "GT.flo"))
    var truth: String?

    @Option(help: ArgumentHelp("How thoroughly: ultrafast, fast, steady, medium or accurate.", valueName: "NAME"))
    var preset: String = "medium"

    @Flag(help: "Replace an existing output.")
    var overwrite = false

    func run() throws {
        var configuration = Configuration()
        try configuration.apply(preset, for: "flow.preset", flag: "--preset")
        let job = try FlowJob(
            from: first, to: second, output: output, truthPath: truth, configuration: configuration,
            overwrite: overwrite)
        let outcome = try job.run()
        if let error = outcome.endPointError {
            let unknown = outcome.unknownPixels > 0 ? " (\(outcome.unknownPixels) pixels of unknown flow left out)" : ""
            Terminal.result(String(format: "end-point error: %.4f pixels", error) + unknown)
        }
    }
}
