import ArgumentParser
import Brushflow

/// The options that edit the configuration.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Settings to start from: draft, balanced, best, or a .yml file.", valueName: "NAME|FILE"))
    var pipeline = "balanced"

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change one setting; repeatable. `brushflow settings` lists them.", valueName: "KEY=VALUE"))
    var assignments: [String] = []

    @Option(help: ArgumentHelp("Perceptual encoder: a safetensors file, VGG-19 for example.", valueName: "FILE"))
    var encoder: String?

    @Option(
        help: ArgumentHelp(
            "What numbers an ONNX network takes, where its graph does not say: 0..1, 0..255 or imagenet.",
            valueName: "RANGE"))
    var inputRange: String?

    @Option(help: ArgumentHelp("Seed of everything random.", valueName: "N"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Threads; the frames do not depend on it. One per core by default.", valueName: "N"))
    var threads: Int?

    @OptionGroup(title: "Encoding")
    var encode: EncodeOptions

    /// Sets what a request takes from these options.
    func apply(to request: inout StylizeRequest) throws {
        request.configuration = try configuration()
        request.seed = seed
        request.threads = threads
    }

    /// The number that `--threads` gives.
    static func checked(threads: Int?) throws -> Int? {
        if let threads, !(1...256).contains(threads) {
            throw BrushflowError(.usage, "--threads \(threads): expected 1…256")
        }
        return threads
    }

    /// The configuration that results: the pipeline, then `--set`, then the flags of their own.
    private func configuration() throws -> Configuration {
        _ = try Self.checked(threads: threads)
        var configuration = try Configuration.named(pipeline)
        for word in assignments { try configuration.apply(assignment: word) }
        if let encoder { try configuration.apply(encoder, for: "stylize.encoder", flag: "--encoder") }
        if let inputRange {
            try configuration.apply(inputRange, for: "network.inputRange", flag: "--input-range")
        }
        try encode.apply(to: &configuration)
        return configuration
    }
}
