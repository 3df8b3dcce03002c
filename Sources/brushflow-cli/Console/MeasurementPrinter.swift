import Brushflow

/// Prints what a measurement found.
struct MeasurementPrinter {
    let json: Bool

    /// Runs a measurement, with progress, and prints what it found. One object is the whole of `--json`'s output: no
    /// progress beside it.
    func run(_ job: MeasureJob, report: String?) throws {
        print(try json ? job.run() : RunReporter(json: false).watch(job.run), report: report)
    }

    private func print(_ summary: MeasureSummary, report: String?) {
        if json {
            Terminal.result(Self.line(for: summary, report: report).text)
            return
        }
        for note in summary.notes { Terminal.line("note: \(note)") }
        for finding in summary.verdict.findings { Terminal.result("\(Self.mark(finding.weight)) \(finding.text)") }
        Terminal.result("")
        for line in Self.table(FigureRow.all(of: summary.figures)) { Terminal.result(line) }
        let worst = summary.figures.worst().map { "\($0.index)" }
        if !worst.isEmpty { Terminal.result("frames that flicker most: " + worst.joined(separator: ", ")) }
        if !summary.figures.cuts.isEmpty {
            Terminal.result("cuts at frames: " + summary.figures.cuts.map { "\($0)" }.joined(separator: ", "))
        }
        if let report { Terminal.line("report: \(report)") }
    }

    private static func mark(_ weight: Finding.Weight) -> String {
        switch weight {
        case .fault, .warning: "!"
        case .result: "="
        case .good: "+"
        case .note: "-"
        }
    }

    private static func table(_ rows: [FigureRow]) -> [String] {
        let lines =
            [["", "stylized", "per-frame", "source"]]
            + rows.map { row in
                [row.name + (row.unit.isEmpty ? "" : " (\(row.unit))")]
                    + [row.stylized, row.independent, row.source].map { $0 ?? "–" }
            }
        let widths = (0..<4).map { column in lines.map(\.[column].count).max() ?? 0 }
        return lines.map { line in
            line.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - line[column].count)
                return column == 0 ? line[column] + padding : padding + line[column]
            }.joined(separator: "  ")
        }
    }

    private static func line(for summary: MeasureSummary, report: String?) -> JSONLine {
        let figures = summary.figures
        var line = JSONLine(event: "measured")
        line.add("frames", figures.frames.count)
        line.add("cuts", figures.cuts)
        line.add("warp", exact: figures.warp)
        line.add("sourceWarp", exact: figures.floor)
        line.add("excess", exact: figures.excess)
        line.add("temporalRootShort", exact: figures.shortRoot)
        line.add("sourceTemporalRootShort", exact: figures.sourceShortRoot)
        line.add("temporalRootLong", exact: figures.longRoot)
        line.add("sourceTemporalRootLong", exact: figures.sourceLongRoot)
        line.add("warpLong", exact: figures.longWarp)
        line.add("sourceWarpLong", exact: figures.longFloor)
        line.add("independentWarp", exact: figures.independent?.warp)
        line.add("independentPairs", figures.independent?.pairs)
        line.add("flickerRemoved", exact: figures.independent?.steadied)
        line.add("sharpnessOfIndependent", exact: figures.independent?.sharpnessRatio)
        line.add("styleDistanceOfIndependent", exact: figures.independent?.styleRatio)
        line.add("sharpnessOfSource", exact: figures.sharpnessRatio)
        line.add("sharpnessDrift", exact: figures.sharpnessDrift?.change)
        line.add("brightnessDrift", exact: figures.brightnessDrift?.change)
        line.add("styleDistance", exact: figures.styleDistance)
        line.add("contentDistance", exact: figures.contentDistance)
        line.add("occluded", exact: figures.occluded)
        line.add("unknownPixels", figures.unknownPixels)
        line.add("worstFrames", figures.worst().map(\.index))
        line.add("slips", figures.slips.map(object))
        line.add("verdict", summary.verdict.findings.map(object))
        line.add("perFrame", figures.frames.map(object))
        line.add("notes", summary.notes)
        line.add("report", report)
        line.add("seconds", summary.seconds)
        return line
    }

    private static func object(_ slip: Slip) -> JSONLine {
        var line = JSONLine()
        line.add("kind", slip.kind.rawValue)
        line.add("frame", slip.frame)
        line.add("count", slip.count)
        return line
    }

    private static func object(_ finding: Finding) -> JSONLine {
        var line = JSONLine()
        line.add("weight", finding.weight.word)
        line.add("text", finding.text)
        return line
    }

    private static func object(_ frame: FrameFigures) -> JSONLine {
        var line = JSONLine()
        line.add("frame", frame.index)
        line.add("warp", exact: frame.short?.stylized.warp)
        line.add("sourceWarp", exact: frame.short?.source.warp)
        line.add("independentWarp", exact: frame.short?.independent?.warp)
        line.add("temporalRootShort", exact: frame.short?.stylized.root)
        line.add("temporalRootLong", exact: frame.long?.stylized.root)
        line.add("occluded", exact: frame.short?.occluded)
        line.add("sharpness", exact: frame.sharpness.stylized)
        line.add("sourceSharpness", exact: frame.sharpness.source)
        line.add("independentSharpness", exact: frame.sharpness.independent)
        line.add("brightness", exact: frame.brightness.stylized)
        line.add("sourceBrightness", exact: frame.brightness.source)
        line.add("styleDistance", exact: frame.styleDistance)
        line.add("contentDistance", exact: frame.contentDistance)
        return line
    }
}
