import Foundation

/// Shares the machine's cores among codecs, mathematics and stages.
///
/// The stages of a pipeline run side by side, so each gets all the threads of the budget for its row loops
/// and the `Crew` divides the cores; codecs get a bounded number of their own.
public struct ThreadBudget: Sendable, Equatable {
    /// The threads that Brushflow's own mathematics may use at once.
    public let total: Int

    /// Makes a budget of `total` threads, or of one per core that this process may use where it is nil.
    public init(total: Int? = nil) {
        self.total = max(1, total ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    /// The row loops' threads.
    public var rows: ParallelRows { ParallelRows(threads: total) }

    /// Threads for one decoder.
    public var decoder: Int { min(total, 4) }
}
