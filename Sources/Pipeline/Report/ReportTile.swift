import Foundation
import Measurement

/// One of the headline figures of a report.
struct ReportTile {
    let label: String
    let value: String
    let unit: String
    let detail: String

    /// The headlines, those that were measured.
    static func all(of figures: ClipFigures) -> [ReportTile] {
        var tiles = [
            ReportTile(
                label: "Excess E_warp", value: FigureRow.thousandths(figures.excess), unit: "10⁻³",
                detail: "over the source's own \(FigureRow.thousandths(figures.floor))")
        ]
        if let steadied = figures.independent?.steadied {
            tiles.append(
                ReportTile(
                    label: "Flicker removed", value: String(format: "%.0f", 100 * min(steadied, 1)), unit: "%",
                    detail: "of per-frame painting's excess"))
        }
        if let ratio = figures.independent?.sharpnessRatio {
            tiles.append(tile(sharpness: ratio, of: "per-frame painting's"))
        } else if let ratio = figures.sharpnessRatio {
            tiles.append(tile(sharpness: ratio, of: "the source's"))
        }
        if let drift = figures.brightnessDrift {
            tiles.append(
                ReportTile(
                    label: "Brightness drift", value: FigureRow.signed(drift.change), unit: "%",
                    detail: "frames \(drift.first) to \(drift.last), where it is largest"))
        }
        if let distance = figures.styleDistance {
            let ratio = figures.independent?.styleRatio.map { String(format: "%.2f of per-frame painting's", $0) }
            tiles.append(
                ReportTile(
                    label: "Style distance", value: String(format: "%.3f", distance), unit: "",
                    detail: ratio ?? "0 is the painting's own statistics"))
        }
        return tiles
    }

    private static func tile(sharpness ratio: Double, of whose: String) -> ReportTile {
        ReportTile(label: "Sharpness", value: String(format: "%.2f", ratio), unit: "", detail: "of \(whose)")
    }
}
