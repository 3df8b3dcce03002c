import Foundation
import Measurement

/// One line of the table of all figures.
public struct FigureRow: Sendable, Equatable {
    /// What it is.
    public let name: String
    /// In what; empty for a plain ratio.
    public let unit: String
    /// The stylized clip's value; nil where it was not measured.
    public let stylized: String?
    /// The per-frame painting's.
    public let independent: String?
    /// The source's.
    public let source: String?

    /// Every figure of a clip, in the order of a report.
    public static func all(of figures: ClipFigures) -> [FigureRow] {
        let independent = figures.independent
        let frames = figures.frames
        let (milli, percent) = ("10⁻³", "%")
        func mean(_ value: (FrameFigures) -> Double?) -> Double? { ClipFigures.mean(frames.compactMap(value)) }
        return [
            FigureRow(
                "E_warp", milli, thousandths(figures.warp), independent.map { thousandths($0.warp) },
                thousandths(figures.floor)),
            FigureRow(
                "Excess, E_warp over the source's", milli, thousandths(figures.excess),
                independent.map { thousandths($0.warp - $0.floor) }, nil),
            FigureRow(
                "Temporal RMSE, interval 1", milli, thousandths(figures.shortRoot),
                independent.map { thousandths($0.shortRoot) }, thousandths(figures.sourceShortRoot)),
            FigureRow(
                "Temporal RMSE, interval \(ClipMeasurer.longInterval)", milli, figures.longRoot.map(thousandths),
                independent?.longRoot.map(thousandths), figures.sourceLongRoot.map(thousandths)),
            FigureRow(
                "E_warp, interval \(ClipMeasurer.longInterval)", milli, figures.longWarp.map(thousandths), nil,
                figures.longFloor.map(thousandths)),
            FigureRow(
                "Sharpness", milli, mean(\.sharpness.stylized).map(thousandths),
                mean(\.sharpness.independent).map(thousandths), mean(\.sharpness.source).map(thousandths)),
            FigureRow(
                "Drift of sharpness along a shot", percent, figures.sharpnessDrift.map { signed($0.change) }, nil, nil),
            FigureRow(
                "Brightness, mean luma", percent, mean(\.brightness.stylized).map(hundredths),
                mean(\.brightness.independent).map(hundredths), mean(\.brightness.source).map(hundredths)),
            FigureRow(
                "Drift of brightness along a shot", percent, figures.brightnessDrift.map { signed($0.change) }, nil, nil
            ),
            FigureRow(
                "Style distance", "", figures.styleDistance.map(plain), mean(\.independentStyleDistance).map(plain), nil
            ),
            FigureRow("Content distance", "", figures.contentDistance.map(plain), nil, nil),
            FigureRow("Occluded share", percent, nil, nil, hundredths(figures.occluded)),
        ]
    }

    private init(_ name: String, _ unit: String, _ stylized: String?, _ independent: String?, _ source: String?) {
        self.name = name
        self.unit = unit
        self.stylized = stylized
        self.independent = independent
        self.source = source
    }

    static func thousandths(_ value: Double) -> String { String(format: "%.3f", 1000 * value) }
    static func signed(_ value: Double) -> String { abs(value) < 0.0005 ? "0.0" : String(format: "%+.1f", 100 * value) }
    private static func hundredths(_ value: Double) -> String { String(format: "%.1f", 100 * value) }
    private static func plain(_ value: Double) -> String { String(format: "%.3f", value) }
}
