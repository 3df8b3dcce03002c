import Foundation

/// A learning rate that falls along half a cosine, after rising evenly where a start with Adam's first steps, which are as
/// large along the least gradient as along any, would throw away what was learned before.
package struct CosineDecay: Sendable, Equatable {
    /// The rate at the beginning, but for the rise.
    package let start: Double
    /// Steps until it is at its end.
    package let steps: Int

    /// Steps that it rises for.
    package let rise: Int

    /// The end, as a share of the beginning.
    private static let finalShare = 0.005

    /// Describes a decay; rate and steps are above 0.
    package init(start: Double, steps: Int, rise: Int = 0) {
        precondition(steps > 0 && start > 0 && rise >= 0, "\(steps) steps of \(start) after \(rise)")
        self.start = start
        self.steps = steps
        self.rise = rise
    }

    /// The rate after some steps.
    package func rate(after step: Int) -> Double {
        let share = Double(min(step, steps)) / Double(steps)
        let cosine = 0.5 * (1 + cos(Double.pi * share))
        let risen = step < rise ? Double(step + 1) / Double(rise + 1) : 1
        return risen * start * (Self.finalShare + (1 - Self.finalShare) * cosine)
    }
}
