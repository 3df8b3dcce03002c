import Foundation

/// The picture of a training run: each loss over the steps, on a logarithmic axis, as SVG.
package struct LossCurve {
    private let history: LossHistory
    private let title: String

    private static let size = (width: 880.0, height: 440.0)
    private static let plot = (left: 64.0, top: 44.0, right: 740.0, bottom: 396.0)
    /// More steps are drawn as the means of that many stretches.
    private static let mostPoints = 300
    private static let colours = ["#222222", "#1b6ca8", "#c2452d", "#2e8540", "#8a5fb0", "#b8860b", "#6b6b6b"]

    /// Prepares a picture.
    package init(_ history: LossHistory, title: String) {
        self.history = history
        self.title = title
    }

    /// The picture's text.
    package var svg: String {
        let lines = history.names.indices.map(points)
        let values = lines.flatMap { $0.map(\.value) }
        let decades = Self.decades(of: values)
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.size.width)) \(Int(Self.size.height))" \
            font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="\(Self.plot.left)" y="26" font-size="15">\(ReportTemplate.escaped(title))</text>

            """
        for decade in decades {
            for digit in [1.0, 2, 5] where decade < decades.upperBound || digit == 1 {
                let height = Self.height(digit * pow(10, Double(decade)), in: decades)
                text += """
                    <path d="M\(Self.plot.left) \(Self.text(height))H\(Self.plot.right)" stroke="#e0e0e0"/>
                    <text x="\(Self.plot.left - 8)" y="\(Self.text(height + 4))" text-anchor="end">\
                    \(Self.label(digit, decade: decade))</text>

                    """
            }
        }
        let last = max(1, history.rows.count)
        for step in [1, (last + 1) / 2, last] {
            text += """
                <text x="\(Self.text(place(Double(step))))" y="\(Self.plot.bottom + 20)" text-anchor="middle">\(step)</text>

                """
        }
        text += """
            <text x="\((Self.plot.left + Self.plot.right) / 2)" y="\(Self.plot.bottom + 38)" text-anchor="middle">\
            step</text>

            """
        var row = 0
        for (index, line) in lines.enumerated() where !line.isEmpty {
            let colour = Self.colours[index % Self.colours.count]
            let path = line.enumerated().map { order, point in
                "\(order == 0 ? "M" : "L")\(Self.text(place(point.step))) "
                    + Self.text(Self.height(point.value, in: decades))
            }.joined()
            let middle = Self.plot.top + 8 + 20 * Double(row)
            row += 1
            text += """
                <path d="\(path)" fill="none" stroke="\(colour)" stroke-width="\(index == 0 ? 2.2 : 1.4)"/>
                <path d="M\(Self.plot.right + 16) \(middle)h22" stroke="\(colour)" stroke-width="3"/>
                <text x="\(Self.plot.right + 44)" y="\(middle + 4)">\(ReportTemplate.escaped(history.names[index]))</text>

                """
        }
        return text + "</svg>\n"
    }

    /// The means of a loss over stretches of steps; those that are not above 0 are left out.
    private func points(_ column: Int) -> [(step: Double, value: Double)] {
        let count = history.rows.count
        let stretches = min(count, Self.mostPoints)
        return (0..<stretches).compactMap { stretch in
            let range = stretch * count / stretches..<(stretch + 1) * count / stretches
            let mean = range.reduce(0) { $0 + Double(history.rows[$1][column]) } / Double(range.count)
            guard mean.isFinite, mean > 1e-9 else { return nil }
            return (Double(range.lowerBound + range.upperBound + 1) / 2, mean)
        }
    }

    private func place(_ step: Double) -> Double {
        let share = (step - 1) / Double(max(1, history.rows.count - 1))
        return Self.plot.left + share * (Self.plot.right - Self.plot.left)
    }

    /// The powers of ten around all values, at most six of them from the top.
    private static func decades(of values: [Double]) -> ClosedRange<Int> {
        let most = Int(ceil(log10(values.max() ?? 1)))
        let least = Int(floor(log10(values.min() ?? 0.1)))
        return min(max(least, most - 6), most - 1)...most
    }

    /// From the drawing's top; what lies below the axis is put on it.
    private static func height(_ value: Double, in decades: ClosedRange<Int>) -> Double {
        let share = (log10(value) - Double(decades.lowerBound)) / Double(decades.count - 1)
        return plot.bottom - max(0, share) * (plot.bottom - plot.top)
    }

    private static func label(_ digit: Double, decade: Int) -> String {
        String(format: "%.\(max(0, -decade))f", digit * pow(10, Double(decade)))
    }

    private static func text(_ value: Double) -> String { String(format: "%.1f", value) }
}
