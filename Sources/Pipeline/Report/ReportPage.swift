import CEmbedded
import Foundation
import Measurement
import Tensors

/// A measurement's report: one HTML file that asks for nothing else.
struct ReportPage {
    let request: MeasureRequest
    let figures: ClipFigures
    let verdict: Verdict
    let notes: [String]
    let pictures: ReportPictures
    let width: Int
    let height: Int

    /// The file.
    func html() throws -> String {
        var values = heading.merging(tables) { $1 }
        values.merge(try clips()) { $1 }
        values["plots"] = .list(ReportPlot.all(of: figures).compactMap { $0.values(cuts: figures.cuts) })
        values.merge(try worstFrames()) { $1 }
        return ReportTemplate(Self.text(bf_report_page())).filled(with: values)
    }

    private var heading: [String: ReportTemplate.Value] {
        let cuts = figures.cuts.count
        return [
            "style": .markup(Self.text(bf_report_style())), "script": .markup(Self.text(bf_report_script())),
            "stylized": .text(Self.name(request.stylized)), "source": .text(Self.name(request.source)),
            "frames": .text("\(figures.frames.count)"), "width": .text("\(width)"), "height": .text("\(height)"),
            "cutCount": .text(cuts == 0 ? "" : cuts == 1 ? "1 cut" : "\(cuts) cuts"),
            "paintedStyle": .text(request.style.map { Self.name($0.description) } ?? ""),
            "flow": .text(
                request.truth.map { "true flow from \(Self.name($0))" }
                    ?? "flow estimated, preset \(request.configuration.chosenFlowPreset().rawValue)"),
            "findings": .list(
                verdict.findings.map { ["weight": .text($0.weight.word), "text": .text($0.text)] }),
            "notes": .list(notes.map { ["text": .text($0)] }),
        ]
    }

    private var tables: [String: ReportTemplate.Value] {
        let bracket =
            figures.independent.map { independent in
                request.independent.map { "Measured on \(Self.name($0))." }
                    ?? "Measured on a sample of \(independent.pairs) pairs of frames, painted anew and not encoded."
            } ?? "Not measured: give the same clip painted frame by frame with --independent."
        return [
            "bracket": .text(bracket),
            "styleMissing": .text(request.style == nil ? "Not measured: give the painting with --style." : ""),
            "rows": .list(
                FigureRow.all(of: figures).map { row in
                    [
                        "name": .text(row.name), "unit": .text(row.unit), "stylizedValue": .text(row.stylized ?? "–"),
                        "independentValue": .text(row.independent ?? "–"), "sourceValue": .text(row.source ?? "–"),
                    ]
                }),
            "tiles": .list(
                ReportTile.all(of: figures).map { tile in
                    [
                        "label": .text(tile.label), "value": .text(tile.value), "unit": .text(tile.unit),
                        "detail": .text(tile.detail),
                    ]
                }),
        ]
    }

    private func clips() throws -> [String: ReportTemplate.Value] {
        var values: [String: ReportTemplate.Value] = [
            "stills": .list(
                pictures.filmstrip.map { still in
                    [
                        "frame": .text("\(still.index)"), "sourcePicture": .text(Self.uri(still.source)),
                        "picture": .text(Self.uri(still.stylized)),
                    ]
                })
        ]
        guard let clip = pictures.clip else {
            values["playerMissing"] = .text(
                "The clips are too large to be part of this page; play the files themselves.")
            return values
        }
        let played = pictures.playedFrames
        values["player"] = .text(Self.uri(clip, "video/mp4"))
        values["playedFrames"] = .text("\(figures.frames.count)")
        values["lastPlayed"] = .text("\(played - 1)")
        values["rate"] = .text("\(pictures.rate.value)")
        values["playedPart"] = .text(played < figures.frames.count ? "the first \(played) frames are here" : "")
        return values
    }

    private func worstFrames() throws -> [String: ReportTemplate.Value] {
        guard !pictures.worst.isEmpty else { return [:] }
        return [
            "worst": .text("1"),
            "brightest": .text("\(Int(100 * DifferencePicture.brightest))"),
            "scale": .text(Self.uri(try pictures.heatScale())),
            "worstFrames": .list(
                pictures.worst.map { worst in
                    let short = figures.frames[worst.index].short
                    return [
                        "frame": .text("\(worst.index)"),
                        "warp": .text(FigureRow.thousandths(short?.stylized.warp ?? 0)),
                        "floor": .text(FigureRow.thousandths(short?.source.warp ?? 0)),
                        "occluded": .text(String(format: "%.0f", 100 * (short?.occluded ?? 0))),
                        "picture": .text(Self.uri(worst.stylized)), "heat": .text(Self.uri(worst.heat)),
                        "flowPicture": .text(Self.uri(worst.flow)), "mask": .text(Self.uri(worst.mask)),
                        "longest": .text(String(format: "%.1f", worst.longestFlow)),
                    ]
                }),
        ]
    }

    private static func uri(_ data: Data, _ type: String = "image/jpeg") -> String {
        "data:\(type);base64,\(data.base64EncodedString())"
    }

    private static func name(_ path: String) -> String {
        let name = (path as NSString).lastPathComponent
        return name.isEmpty ? path : name
    }

    private static func text(_ file: bf_embedded_file) -> String {
        String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
    }
}
