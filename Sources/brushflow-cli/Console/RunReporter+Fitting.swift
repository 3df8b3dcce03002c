import Brushflow

extension RunReporter {
    /// Learns the image that a run is to be painted in, where its style asks for it, and lets the run paint with that.
    ///
    /// - Parameter plansOnly: takes a style that costs as much instead.
    static func fit(_ request: inout StylizeRequest, plansOnly: Bool = false, token: CancellationToken, json: Bool)
        throws
    {
        guard let job = try FittingJob(request, token: token) else { return }
        request.configuration.learnedStyle = job.standIn
        if plansOnly { return }
        // What is wrong about the run is found before a minute is spent on learning.
        _ = try StylizeJob(request, token: token)
        let summary = try RunReporter(json: json, unit: .step).watch { monitor in
            try job.run(monitor: monitor) { note in
                if !json { Terminal.line(note) }
            }
        }
        request.configuration.learnedStyle = summary.path
        let style = request.style?.description ?? ""
        if json {
            var line = JSONLine(event: "learned")
            line.add("style", style)
            line.add("file", summary.path)
            line.add("steps", summary.steps)
            line.add("notes", summary.notes)
            Terminal.result(line.text)
            return
        }
        for note in summary.notes { Terminal.line("note: \(note)") }
        Terminal.line(summary.steps.map { "\(style): learned in \($0) steps" } ?? "\(style): was learned before")
    }
}
