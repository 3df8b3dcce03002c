import Foundation

/// Reads the figures of a clip and says what they mean, the most important first.
public struct Verdict: Sendable, Equatable {
    /// The sentences.
    public let findings: [Finding]

    /// Below this part of the sharpness that it is compared with, a picture is blurred.
    private static let blurred = 0.8
    /// A change of brightness along a shot, of the full range, that can be seen.
    private static let visibleDrift = 0.02
    /// A loss of sharpness along a shot, relative, that can be seen.
    private static let visibleSoftening = 0.15
    /// A style distance this much larger than independent painting's is bought steadiness.
    private static let weakStyle = 1.3

    /// Judges `figures`; `facts` are known beside them.
    public init(_ figures: ClipFigures, facts: [Finding] = []) {
        let parts = [
            facts, Self.slips(figures), Self.steadiness(figures), Self.sharpness(figures), Self.brightness(figures),
            Self.style(figures), Self.missing(figures),
        ]
        // A stable sort: sentences of one weight stay in the order above.
        findings = parts.joined().enumerated().sorted {
            ($0.element.weight, $0.offset) < ($1.element.weight, $1.offset)
        }
        .map(\.element)
    }

    private static func slips(_ figures: ClipFigures) -> [Finding] {
        figures.slips.map { slip in
            let frames = slip.count == 1 ? "a frame seems" : "\(slip.count) frames seem"
            let by = slip.count == 1 ? "one frame" : "\(slip.count) frames"
            switch slip.kind {
            case .missing where slip.frame == 0:
                return Finding(
                    .fault, "the stylized clip begins \(by) into the source: compare clips of the same frames")
            case .missing:
                return Finding(
                    .fault,
                    "\(frames) to be missing at frame \(slip.frame): from there on the stylized clip shows the source "
                        + "\(by) early")
            case .late where slip.frame == 0:
                return Finding(.fault, "the stylized clip shows the source \(by) late from its beginning on")
            case .late:
                return Finding(
                    .fault,
                    "\(frames) to be doubled at frame \(slip.frame): from there on the stylized clip shows the source "
                        + "\(by) late")
            case .doubled:
                return Finding(
                    .fault,
                    "frame \(slip.frame) seems to be doubled: it repeats frame \(slip.frame - 1) in place of its own")
            }
        }
    }

    private static func steadiness(_ figures: ClipFigures) -> [Finding] {
        if isSource(figures) {
            return [Finding(.result, "the stylized clip is the source itself: its E_warp is the noise floor")]
        }
        guard let independent = figures.independent else {
            guard figures.excess > 0 else {
                return [
                    Finding(
                        .result,
                        "E_warp is below the source's own, the noise floor: \(warp(figures.warp)) against "
                            + "\(warp(figures.floor))")
                ]
            }
            guard figures.floor > 0 else {
                return [Finding(.result, "E_warp is \(warp(figures.warp)), and the source's own is 0")]
            }
            return [
                Finding(
                    .result,
                    "E_warp is \(times(figures.warp / figures.floor)) the source's own: \(warp(figures.excess)) over the "
                        + "noise floor of \(warp(figures.floor))")
            ]
        }
        let over =
            "E_warp \(warp(figures.warp)) against \(warp(independent.warp)), noise floor \(warp(figures.floor))"
        guard let steadied = independent.steadied else {
            return [Finding(.result, "per-frame painting flickers no more than the source: \(over)")]
        }
        switch steadied {
        case 1...:
            return [
                Finding(
                    .result,
                    "steadier than per-frame painting by all of its flicker, steadier even than the source: \(over)")
            ]
        case 0.1...:
            return [
                Finding(.result, "steadier than per-frame painting by \(percent(steadied)) of its flicker: \(over)")
            ]
        case -0.1..<0.1:
            return [Finding(.warning, "no steadier than per-frame painting: \(over)")]
        default:
            return [Finding(.warning, "flickers \(percent(-steadied)) more than per-frame painting: \(over)")]
        }
    }

    private static func sharpness(_ figures: ClipFigures) -> [Finding] {
        var findings: [Finding] = []
        let low = figures.excess < 0 || (figures.independent?.steadied ?? 0) > 0.1
        if let independent = figures.independent, let ratio = independent.sharpnessRatio {
            if ratio < blurred {
                findings.append(blur(ratio, of: "per-frame painting's", low: low))
            } else {
                findings.append(Finding(.good, "sharpness is \(decimal(ratio)) of per-frame painting's"))
            }
        } else if let ratio = figures.sharpnessRatio, !isSource(figures) {
            if ratio < blurred, figures.excess < 0 {
                findings.append(blur(ratio, of: "the source's", low: true))
            } else {
                findings.append(Finding(.note, "sharpness is \(decimal(ratio)) of the source's"))
            }
        }
        if let drift = figures.sharpnessDrift, drift.change < -visibleSoftening {
            findings.append(
                Finding(
                    .warning,
                    "the picture loses \(percent(-drift.change)) of its sharpness from frame \(drift.first) to "
                        + "\(drift.last)"))
        }
        return findings
    }

    private static func blur(_ ratio: Double, of whose: String, low: Bool) -> Finding {
        let cause = low ? "E_warp is low because the picture is blurred" : "the picture is blurred"
        return Finding(.warning, "\(cause): sharpness is \(decimal(ratio)) of \(whose)")
    }

    private static func brightness(_ figures: ClipFigures) -> [Finding] {
        guard let drift = figures.brightnessDrift, !isSource(figures) else { return [] }
        if abs(drift.change) >= visibleDrift {
            return [
                Finding(
                    .warning,
                    "brightness drifts by \(signedPercent(drift.change)) of the full range from frame \(drift.first) to "
                        + "\(drift.last)")
            ]
        }
        return [
            Finding(.good, "brightness holds: it drifts by \(signedPercent(drift.change)) of the full range at most")
        ]
    }

    private static func style(_ figures: ClipFigures) -> [Finding] {
        guard let ratio = figures.independent?.styleRatio else { return [] }
        if ratio > weakStyle {
            return [
                Finding(
                    .warning, "steadiness costs style: the style distance is \(decimal(ratio)) of per-frame painting's")
            ]
        }
        return [Finding(.good, "the style distance is \(decimal(ratio)) of per-frame painting's")]
    }

    private static func missing(_ figures: ClipFigures) -> [Finding] {
        var findings: [Finding] = []
        if figures.independent == nil, !isSource(figures) {
            findings.append(
                Finding(
                    .note,
                    "without the same clip painted frame by frame (--independent) there is no upper bracket: blur cannot "
                        + "be told from steadiness for certain"))
        }
        if figures.longRoot == nil {
            findings.append(
                Finding(.note, "no shot is long enough for the interval of \(ClipMeasurer.longInterval) frames"))
        }
        if figures.unknownPixels > 0 {
            findings.append(Finding(.note, "\(figures.unknownPixels) pixels of unknown true flow are left out"))
        }
        return findings
    }

    private static func isSource(_ figures: ClipFigures) -> Bool {
        figures.frames.allSatisfy {
            $0.short.map { $0.stylized == $0.source } ?? true && $0.brightness.stylized == $0.brightness.source
                && $0.sharpness.stylized == $0.sharpness.source
        }
    }

    /// E_warp in thousandths, as papers give it.
    static func warp(_ value: Double) -> String { String(format: "%.3f·10⁻³", 1000 * value) }
    private static func decimal(_ value: Double) -> String { String(format: "%.2f", value) }
    private static func times(_ value: Double) -> String {
        String(format: value < 10 ? "%.1f times" : "%.0f times", value)
    }
    private static func percent(_ value: Double) -> String { String(format: "%.0f %%", 100 * value) }
    private static func signedPercent(_ value: Double) -> String {
        // No minus before a drift that rounds to nothing.
        abs(value) < 0.0005 ? "0.0 %" : String(format: "%+.1f %%", 100 * value)
    }
}
