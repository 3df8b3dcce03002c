import ArgumentParser
import Brushflow

/// The options that say what to paint with, and how.
struct StyleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A name that `brushflow styles` lists, an image file, or a network (.onnx, .safetensors, for one of its styles "
                + ".safetensors#NAME). Repeatable with weights to blend learned styles.",
            valueName: "STYLE[:WEIGHT]"))
    var style: [String]

    @Option(
        help: ArgumentHelp("What paints: network or optimize; a learned style's network by default.", valueName: "NAME")
    )
    var engine: String?

    @Option(help: ArgumentHelp("How styles are blended: linear or spherical.", valueName: "NAME"))
    var blend: String?

    @Option(help: ArgumentHelp("How far to paint, from 0 (the source) to 1.", valueName: "S"))
    var strength: String?

    @Option(
        help: ArgumentHelp(
            "Steps in which an image is learned; \(FittingJob.usualSteps) by default. Asks for the network.",
            valueName: "N"))
    var learnSteps: Int?

    @Option(help: ArgumentHelp("Time to learn it, such as 60s, instead of --learn-steps.", valueName: "T"))
    var learnTime: TimePoint?

    /// Sets what a request takes from these options.
    func apply(to request: inout StylizeRequest) throws {
        request.style = try StyleMixture(arguments: style)
        for (value, key, flag) in [
            (engine, "stylize.engine", "--engine"), (blend, "network.blend", "--blend"),
            (strength, "stylize.strength", "--strength"),
        ] {
            if let value { try request.configuration.apply(value, for: key, flag: flag) }
        }
        guard learnSteps == nil || learnTime == nil else {
            throw BrushflowError(.usage, "--learn-steps and --learn-time: give one of the two")
        }
        request.learning = learnSteps.map { .steps($0) } ?? learnTime.map { .seconds($0.seconds) }
        if request.learning != nil, engine == nil { request.configuration.engine = .network }
    }
}
