import Foundation
import Tensors

/// The losses of every step of a training run.
package struct LossHistory: Sendable, Equatable {
    /// What the columns are: `total` and its parts, weighted.
    package let names: [String]
    /// One row a step.
    package private(set) var rows: [[Float]] = []

    /// Begins a history.
    package init(names: [String]) { self.names = names }

    /// Takes a history up where a checkpoint left it.
    ///
    /// - Parameter tensor: `[steps, names.count]`.
    package init(names: [String], tensor: Tensor) {
        precondition(tensor.shape.rank == 2 && tensor.shape[1] == names.count, "\(tensor.shape) for \(names)")
        self.names = names
        let values = tensor.values
        rows = (0..<tensor.shape[0]).map { Array(values[$0 * names.count..<($0 + 1) * names.count]) }
    }

    /// Adds a step's losses, in the order of `names`.
    package mutating func append(_ row: [Float]) {
        precondition(row.count == names.count, "\(row.count) losses for \(names)")
        rows.append(row)
    }

    /// `[steps, names.count]`, for a checkpoint.
    package var tensor: Tensor { Tensor([rows.count, names.count], rows.flatMap { $0 }) }

    /// `step,total,content,…`, then a line a step, counted from 1.
    package var csv: String {
        var text = (["step"] + names).joined(separator: ",") + "\n"
        for (index, row) in rows.enumerated() {
            text += "\(index + 1)," + row.map { "\($0)" }.joined(separator: ",") + "\n"
        }
        return text
    }

    /// The mean total of the first and of the last twentieth of the steps; 0 where there are none.
    package var ends: (first: Double, last: Double) {
        let twentieth = max(1, rows.count / 20)
        func mean(_ rows: ArraySlice<[Float]>) -> Double {
            rows.reduce(0) { $0 + Double($1[0]) } / Double(max(1, rows.count))
        }
        return (mean(rows.prefix(twentieth)), mean(rows.suffix(twentieth)))
    }
}
