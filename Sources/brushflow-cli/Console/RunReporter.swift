import Brushflow
import Dispatch
import Foundation

/// Tells the user about a run: progress while it goes on, a summary at its end.
final class RunReporter {
    /// What a run consists of.
    enum Unit: String {
        case frame
        case step
    }

    private let json: Bool
    private let unit: Unit
    private let monitor = RunMonitor()
    private var timer: (any DispatchSourceTimer)?

    init(json: Bool, unit: Unit = .frame) {
        self.json = json
        self.unit = unit
    }

    /// Runs a job, reporting.
    func run(_ job: StylizeJob) throws -> RunSummary {
        if json { Terminal.result(Self.line(for: job.plan).text) }
        return try watch(job.run)
    }

    /// Runs a body, telling how far its monitor has come.
    func watch<Result>(_ body: (RunMonitor) throws -> Result) throws -> Result {
        startTimer()
        defer { stopTimer() }
        return try body(monitor)
    }

    /// The plan of a run as text or JSON.
    static func describe(_ plan: RunPlan) -> [String] {
        let frames = plan.frames.map { "\($0) frames" } ?? "an unknown number of frames"
        let rate = plan.frameRate.map { " at \($0) a second" } ?? ""
        return [
            "\(plan.input) → \(plan.output)", "style: \(plan.style)",
            "\(frames) of \(plan.width)×\(plan.height)\(rate); at most \(plan.framesInFlight) in memory",
        ]
    }

    static func line(for plan: RunPlan) -> JSONLine {
        var line = JSONLine(event: "plan")
        line.add("input", plan.input)
        line.add("output", plan.output)
        line.add("style", plan.style)
        line.add("width", plan.width)
        line.add("height", plan.height)
        line.add("frames", plan.frames)
        line.add("frameRate", plan.frameRate?.description)
        line.add("framesInFlight", plan.framesInFlight)
        return line
    }

    /// Prints what was done.
    func report(_ summary: RunSummary, output: String) {
        if json {
            var line = JSONLine(event: "done")
            line.add("output", output)
            line.add("frames", summary.frames)
            line.add("framesBefore", summary.framesBefore)
            line.add("seconds", summary.seconds)
            line.add("damagedPackets", summary.damagedPackets)
            line.add("framesDigest", summary.digest)
            line.add("notes", summary.notes)
            line.add("waits", summary.waitsForInput)
            Terminal.result(line.text)
            return
        }
        for note in summary.notes { Terminal.line("note: \(note)") }
        if summary.damagedPackets > 0 { Terminal.line("note: skipped \(summary.damagedPackets) damaged packets") }
        let rate = summary.seconds > 0 ? Double(summary.frames - summary.framesBefore) / summary.seconds : 0
        Terminal.line(
            "\(output): \(summary.frames) frames in \(Self.clock(summary.seconds)), "
                + String(format: "%.2f frames a second", rate))
    }

    /// `1:02:03`, or `2.5 s` below a minute.
    static func clock(_ seconds: Double) -> String {
        guard seconds >= 60 else { return String(format: "%.1f s", seconds) }
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0
            ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d min", minutes, rest)
    }

    private func startTimer() {
        guard json || Terminal.isInteractive else { return }
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "brushflow.progress"))
        timer.setEventHandler { [monitor, json, unit] in
            let snapshot = monitor.snapshot
            if json {
                Terminal.result(Self.progress(snapshot, unit).text)
            } else {
                Terminal.status(Self.words(snapshot, unit))
            }
        }
        timer.schedule(deadline: .now() + 0.5, repeating: json ? 1 : 0.25)
        timer.resume()
        self.timer = timer
    }

    private func stopTimer() {
        guard let timer else { return }
        timer.cancel()
        if !json { Terminal.clearStatus() }
    }

    private static func words(_ snapshot: RunMonitor.Snapshot, _ unit: Unit) -> String {
        let frames = snapshot.expectedFrames.map { "\(snapshot.frames)/\($0)" } ?? "\(snapshot.frames)"
        let left = snapshot.secondsLeft.map { "  ETA \(clock($0))" } ?? ""
        let waits = snapshot.waitsForInput.filter { $0.value >= 0.05 }.sorted { $0.key < $1.key }
            .map { "\($0.key) \(Int(100 * $0.value / max(snapshot.seconds, 0.001))) %" }
        let waiting = waits.isEmpty ? "" : "  waiting: " + waits.joined(separator: ", ")
        let figures = snapshot.figures.sorted { $0.key < $1.key }
            .map { "  \($0.key) \(String(format: "%.4f", $0.value))" }.joined()
        let rate = String(format: unit == .frame ? "%.2f fps" : "%.2f a second", snapshot.framesPerSecond)
        return "\(unit.rawValue) \(frames)  \(rate)\(figures)\(left)\(waiting)"
    }

    private static func progress(_ snapshot: RunMonitor.Snapshot, _ unit: Unit) -> JSONLine {
        let units = "\(unit.rawValue)s"
        var line = JSONLine(event: "progress")
        line.add(units, snapshot.frames)
        line.add("expected\(units.capitalized)", snapshot.expectedFrames)
        line.add("seconds", snapshot.seconds)
        line.add("\(units)PerSecond", snapshot.framesPerSecond)
        line.add("secondsLeft", snapshot.secondsLeft)
        line.add("waits", snapshot.waitsForInput)
        if unit == .step { line.add("losses", snapshot.figures) }
        return line
    }
}
