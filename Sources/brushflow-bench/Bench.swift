import ArgumentParser

/// Measurements for developers, one subcommand a subject; the scripts in `Scripts/bench-*` set them beside their
/// peers. Not part of the product.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "brushflow-bench",
        abstract: "Measures Brushflow's parts against ground truth and peers.",
        subcommands: [
            CutsBench.self, EncoderStepBench.self, FlowBench.self, FormsBench.self, LayersBench.self,
            NetworkBench.self, PairsBench.self, ReliabilityBench.self, TemporalBench.self,
            TrainingStepBench.self,
        ]
    )
}
