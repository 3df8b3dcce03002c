import Brushflow
import Foundation

/// Prints what a run would do and cost.
struct PlanPrinter {
    let json: Bool

    func print(_ plan: RunPlan, _ estimate: RunEstimate) {
        if json {
            var line = RunReporter.line(for: plan)
            line.add("secondsPerFrame", estimate.secondsPerFrame)
            line.add("seconds", estimate.seconds)
            line.add("memoryBytes", estimate.memory)
            Terminal.result(line.text)
            return
        }
        for text in RunReporter.describe(plan) { Terminal.result(text) }
        Terminal.result("expected: " + Self.words(estimate))
    }

    /// Prints what painting the whole clip would cost.
    func print(fullRun estimate: RunEstimate) {
        if json {
            var line = JSONLine(event: "fullRun")
            line.add("secondsPerFrame", estimate.secondsPerFrame)
            line.add("seconds", estimate.seconds)
            line.add("memoryBytes", estimate.memory)
            Terminal.result(line.text)
        } else {
            Terminal.result("the full run: " + Self.words(estimate))
        }
    }

    /// `about 1:20 min, 0.9 s a frame, 320 MB of memory`.
    static func words(_ estimate: RunEstimate) -> String {
        let total = estimate.seconds.map { "about \(RunReporter.clock($0)), " } ?? ""
        let megabytes = Int((Double(estimate.memory) / 1e6).rounded())
        return "\(total)\(String(format: "%.2f", estimate.secondsPerFrame)) s a frame, \(megabytes) MB of memory"
    }
}
