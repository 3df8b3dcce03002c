import ArgumentParser

/// Measurements for developers; the scripts in `Scripts/bench-*` set them beside their peers.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "brushflow-bench",
        abstract: "Times parts of Brushflow.",
        subcommands: [EncoderStepBench.self, TemporalBench.self]
    )
}
