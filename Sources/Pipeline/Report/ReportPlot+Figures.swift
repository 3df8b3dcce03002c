import Measurement

extension ReportPlot {
    /// The plots of a clip's figures.
    static func all(of figures: ClipFigures) -> [ReportPlot] {
        let frames = figures.frames
        func line(
            _ style: String, _ label: String, scale: Double, joins: Bool = false, _ value: (FrameFigures) -> Double?
        ) -> Line {
            Line(style: style, label: label, values: frames.map { value($0).map { scale * $0 } }, joinsGaps: joins)
        }
        // A sample has single values, a whole clip's are joined within shots.
        let sampled = frames.contains { $0.sharpness.independent == nil }
        func trio(_ scale: Double, _ value: @escaping (FrameFigures) -> FrameFigures.Trio) -> [Line] {
            [
                line("source", "source", scale: scale) { value($0).source },
                line("independent", "per-frame", scale: scale, joins: sampled) { value($0).independent },
                line("stylized", "stylized", scale: scale) { value($0).stylized },
            ]
        }
        let flicker = [
            line("source", "source (noise floor)", scale: 1000) { $0.short?.source.warp },
            line("independent", "per-frame", scale: 1000, joins: sampled) { $0.short?.independent?.warp },
            line("stylized", "stylized", scale: 1000) { $0.short?.stylized.warp },
        ]
        let roots = [
            line("source", "source, 1 frame", scale: 1000) { $0.short?.source.root },
            line("stylized", "stylized, 1 frame", scale: 1000) { $0.short?.stylized.root },
            line("other", "stylized, \(ClipMeasurer.longInterval) frames", scale: 1000) { $0.long?.stylized.root },
        ]
        let distances = [
            line("stylized", "style", scale: 1, joins: true, \.styleDistance),
            line("independent", "style, per-frame", scale: 1, joins: true, \.independentStyleDistance),
            line("other", "content", scale: 1, joins: true, \.contentDistance),
        ]
        return [
            ReportPlot(
                title: "E_warp", unit: "10⁻³",
                caption: "What is left of the stylized line over the source's is flicker that painting added.",
                lines: flicker),
            ReportPlot(
                title: "Temporal RMSE", unit: "10⁻³",
                caption: "Over ten frames slow changes show that the short interval is blind to.", lines: roots),
            ReportPlot(
                title: "Sharpness", unit: "10⁻³",
                caption: "A line that falls along a shot, with the source's level, is blur that accumulates.",
                lines: trio(1000, \.sharpness)),
            ReportPlot(
                title: "Brightness", unit: "%",
                caption: "The gap between the lines should keep its width within a shot.",
                lines: trio(100, \.brightness), beginsAtZero: false),
            ReportPlot(
                title: "Style and content distance", unit: "",
                caption: "0 is equal: to the painting in style, to the source frame in content.", lines: distances),
            ReportPlot(
                title: "Occluded share", unit: "%",
                caption: "Pixels that are left out of the figures because the frame before does not show them.",
                lines: [line("source", "source", scale: 100) { $0.short?.occluded }]),
        ]
    }
}
