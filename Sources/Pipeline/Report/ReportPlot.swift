import Foundation

/// One plot of a report: lines along the clip in a drawing of 1000×100 units that the page stretches.
struct ReportPlot {
    /// One line; nil where the figure is not defined, which breaks it.
    struct Line {
        /// The class that colours it: `stylized`, `source`, `independent` or `other`.
        let style: String
        /// Its name in the legend.
        let label: String
        /// One value a frame.
        let values: [Double?]
        /// Whether single values are joined by a line across frames without one.
        var joinsGaps = false
    }

    let title: String
    /// What one unit of the axis is: `10⁻³`, `%`.
    let unit: String
    let caption: String
    let lines: [Line]
    /// Whether the axis begins at 0.
    var beginsAtZero = true

    /// More frames than this are drawn as the extremes of that many stretches.
    private static let mostPoints = 500

    /// The plot's names and values for the template; nil where no line has a value.
    func values(cuts: [Int]) -> [String: ReportTemplate.Value]? {
        let drawn = lines.filter { $0.values.contains { $0 != nil } }
        let all = drawn.flatMap { $0.values.compactMap { $0 } }
        guard let most = all.max(), let least = all.min() else { return nil }
        let axis = Axis(from: beginsAtZero ? min(0, least) : least, to: most)
        let count = drawn.map(\.values.count).max() ?? 1
        let step = 1000 / Double(max(1, count - 1))
        return [
            "title": .text(title), "unit": .text(unit), "caption": .text(caption),
            "lines": .list(
                drawn.map { line in
                    [
                        "style": .text(line.style), "label": .text(line.label),
                        "path": .text(path(line, axis: axis, step: step)),
                    ]
                }),
            "cuts": .list(cuts.map { ["x": .text(Self.place(Double($0) * step)), "frame": .text("\($0)")] }),
            "ticks": .list(
                axis.ticks.map { tick in
                    [
                        "label": .text(axis.label(tick)), "top": .text(Self.place(axis.height(of: tick))),
                    ]
                }),
            "frames": .list(
                [0, (count - 1) / 2, count - 1].map { frame in
                    ["label": .text("\(frame)"), "left": .text(Self.place(Double(frame) * step / 10))]
                }),
        ]
    }

    private func path(_ line: Line, axis: Axis, step: Double) -> String {
        var path = ""
        var isPenUp = true
        for (frame, value) in Self.thinned(line.values) {
            guard let value else {
                if !line.joinsGaps { isPenUp = true }
                continue
            }
            path += "\(isPenUp ? "M" : "L")\(Self.place(Double(frame) * step)) \(Self.place(axis.height(of: value)))"
            isPenUp = false
        }
        return path
    }

    /// The frames to draw: all, or those of the least and the greatest value of every stretch.
    private static func thinned(_ values: [Double?]) -> [(Int, Double?)] {
        guard values.count > 2 * mostPoints else { return Array(values.enumerated()) }
        return (0..<mostPoints).flatMap { stretch -> [(Int, Double?)] in
            let range = stretch * values.count / mostPoints..<(stretch + 1) * values.count / mostPoints
            let known = range.compactMap { i in values[i].map { (i, $0) } }
            guard let low = known.min(by: { $0.1 < $1.1 }), let high = known.max(by: { $0.1 < $1.1 }) else {
                return [(range.lowerBound, nil)]
            }
            return low.0 == high.0 ? [low] : low.0 < high.0 ? [low, high] : [high, low]
        }
    }

    static func place(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension ReportPlot {
    /// A vertical axis with round marks.
    struct Axis {
        let ticks: [Double]
        private let bottom: Double
        private let top: Double
        private let decimals: Int

        /// Covers `low`…`high` with three to six marks.
        init(from low: Double, to high: Double) {
            let span = max(high - low, 1e-9, abs(high) * 1e-3)
            let power = pow(10, floor(log10(span / 3)))
            let step = [5, 2, 1].map { $0 * power }.first { span / $0 >= 2.5 } ?? power
            bottom = floor(low / step + 1e-9) * step
            top = max(ceil(high / step - 1e-9) * step, bottom + step)
            let (first, count) = (bottom, Int(((top - bottom) / step).rounded()))
            ticks = (0...count).map { first + Double($0) * step }
            decimals = max(0, Int(-floor(log10(step) + 1e-9)))
        }

        /// Units from the drawing's top.
        func height(of value: Double) -> Double { 100 * (top - value) / (top - bottom) }

        func label(_ tick: Double) -> String { String(format: "%.\(decimals)f", tick) }
    }
}
