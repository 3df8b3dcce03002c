import Tensors

/// What is said of a training run, whatever it learns.
package protocol LearningRequest: Sendable {
    /// The file that is learned, `.safetensors`.
    var output: String { get }
    /// How long to learn.
    var budget: LearnRequest.Budget { get }
    /// What messages call the budget.
    var budgetOptions: (steps: String, time: String) { get }
    /// Rows and columns of the training pictures.
    var side: Int { get }
    /// What a step learns from at once.
    var batch: Int { get }
    /// Seeds everything random.
    var seed: UInt64 { get }
    /// Threads; nil for one per core.
    var threads: Int? { get }
    /// Where the state of the run is kept; nil for a file beside the output.
    var checkpoint: String? { get }
    /// Whether to go on from the checkpoint.
    var resumes: Bool { get }
    /// Whether existing files are replaced.
    var overwrite: Bool { get }
}

/// The numbers of steps that can be learned for.
enum LearnBudget {
    /// Beyond it a step's number is no exact Float32, as which a checkpoint keeps it.
    static let mostSteps = 10_000_000
}

extension LearningRequest {
    /// Checks the numbers.
    ///
    /// - Parameter startsFromSomething: whether no step at all makes sense.
    /// - Throws: `.usage`.
    func check(startsFromSomething: Bool) throws {
        let (least, most) = (startsFromSomething ? 0 : 1, LearnBudget.mostSteps)
        switch budget {
        case .steps(let steps) where !(least...most).contains(steps):
            throw BrushflowError(.usage, "\(budgetOptions.steps) \(steps): expected \(least)…\(most)")
        case .seconds(let seconds) where !(seconds > 0 && seconds <= 1e7):
            throw BrushflowError(.usage, "\(budgetOptions.time) \(seconds): expected more than 0 seconds")
        default: break
        }
        guard (32...1024).contains(side), side % 16 == 0 else {
            throw BrushflowError(.usage, "--size \(side): expected a multiple of 16 from 32 to 1024")
        }
        guard (1...256).contains(batch) else {
            throw BrushflowError(.usage, "--batch \(batch): expected 1…256")
        }
    }
}
