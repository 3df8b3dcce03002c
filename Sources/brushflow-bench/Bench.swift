import ArgumentParser

/// Measurements for developers, one subcommand a subject. Not part of the product.
@main struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "brushflow-bench",
        abstract: "Measures Brushflow's parts against ground truth and peers.",
        subcommands: [FlowBench.self, CutsBench.self]
    )
}
