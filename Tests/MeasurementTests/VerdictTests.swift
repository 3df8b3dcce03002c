import Measurement
import Tensors
import Testing

/// Clips whose faults are known: the figures show them, and the verdict names them first.
@Suite struct VerdictTests {
    private let source = PannedClip(frames: 20, grain: 0.06)

    @Test func aClipAgainstItselfIsItsOwnNoiseFloor() throws {
        let figures = try source.figures(of: source)
        #expect(figures.warp == figures.floor && figures.excess == 0 && figures.floor > 0)
        #expect(figures.longRoot == figures.sourceLongRoot)
        #expect(figures.brightnessDrift?.change == 0 && figures.sharpnessDrift?.change == 0)
        #expect(figures.sharpnessRatio == 1 && figures.slips == [] && figures.worst() == [])
        #expect(
            Verdict(figures).findings == [
                Finding(.result, "the stylized clip is the source itself: its E_warp is the noise floor")
            ])
    }

    @Test func aRampOfBrightnessIsFoundAndMeasured() throws {
        let figures = try source.figures(of: source.changed { $1 + 0.1 * Float($0) / 19 })
        let drift = try #require(figures.brightnessDrift)
        #expect(abs(drift.change - 0.1) < 1e-6 && drift.first == 0 && drift.last == 19)
        #expect(
            Verdict(figures).findings.first
                == Finding(.warning, "brightness drifts by +10.0 % of the full range from frame 0 to 19"))
    }

    @Test func blurIsBetterInFlickerAndSharpnessSaysWhy() throws {
        let figures = try source.figures(of: source.blurred)
        #expect(figures.warp < 0.5 * figures.floor)
        let ratio = try #require(figures.sharpnessRatio)
        #expect(ratio < 0.5)
        let first = try #require(Verdict(figures).findings.first)
        #expect(first.weight == .warning)
        #expect(first.text.hasPrefix("E_warp is low because the picture is blurred: sharpness is 0."))
        #expect(first.text.hasSuffix(" of the source's"))
    }

    @Test func blurIsToldFromSteadinessByThePerFramePainting() throws {
        let independent = PannedClip(frames: 20, grain: 0.2, seed: 5)
        let figures = try source.figures(of: source.blurred, independent: independent)
        let findings = Verdict(figures).findings
        #expect(findings.first?.text.hasPrefix("E_warp is low because the picture is blurred") == true)
        #expect(findings.first?.text.hasSuffix("of per-frame painting's") == true)
        #expect(findings.contains { $0.text.hasPrefix("steadier than per-frame painting by all of its flicker") })
    }

    @Test func aMissingFrameIsFoundWhereTheClipGoesOn() throws {
        let figures = try source.figures(of: source.picking(Array(0..<8) + Array(9..<20)))
        #expect(figures.slips == [Slip(kind: .missing, frame: 8, count: 1)])
        #expect(
            Verdict(figures).findings.first
                == Finding(
                    .fault,
                    "a frame seems to be missing at frame 8: from there on the stylized clip shows the source one frame "
                        + "early"))
    }

    @Test func aDoubledFrameIsFound() throws {
        let late = try source.figures(of: source.picking(Array(0..<8) + [7] + Array(8..<19)))
        #expect(late.slips == [Slip(kind: .late, frame: 8, count: 1)])
        #expect(
            Verdict(late).findings.first?.text
                == "a frame seems to be doubled at frame 8: from there on the stylized clip shows the source one frame late"
        )
        let replaced = try source.figures(of: source.picking(Array(0..<8) + [7] + Array(9..<20)))
        #expect(replaced.slips == [Slip(kind: .doubled, frame: 8, count: 1)])
        #expect(
            Verdict(replaced).findings.first?.text
                == "frame 8 seems to be doubled: it repeats frame 7 in place of its own")
    }

    @Test func temporalPaintingIsRankedAbovePerFramePainting() throws {
        let perFrame = PannedClip(frames: 20, grain: 0.3, seed: 2)
        let temporal = PannedClip(frames: 20, grain: 0.1, seed: 3)
        let steady = try source.figures(of: temporal, independent: perFrame)
        #expect((0.8..<1).contains(try #require(steady.independent?.steadied)))
        let first = Verdict(steady).findings.first { $0.weight == .result }
        #expect(first?.text.hasPrefix("steadier than per-frame painting by 9") == true)
        let reversed = try source.figures(of: perFrame, independent: temporal)
        let warning = try #require(Verdict(reversed).findings.first)
        #expect(warning.weight == .warning && warning.text.hasPrefix("flickers "))
        #expect(warning.text.contains(" more than per-frame painting: E_warp "))
        let same = try source.figures(of: perFrame, independent: perFrame)
        #expect(same.independent?.steadied == 0 && same.independent?.sharpnessRatio == 1)
        #expect(Verdict(same).findings.first?.text.hasPrefix("no steadier than per-frame painting: ") == true)
    }

    @Test func withoutThePerFramePaintingThatIsSaid() throws {
        let figures = try source.figures(of: PannedClip(frames: 20, grain: 0.3, seed: 2))
        let findings = Verdict(figures).findings
        #expect(findings.first?.text.contains(" times the source's own: ") == true)
        #expect(findings.last?.text.hasPrefix("without the same clip painted frame by frame (--independent)") == true)
    }

    @Test func clipsTooShortForTheLongIntervalSaySo() throws {
        let figures = try source.picking([0, 1, 2]).figures(of: source.blurred.picking([0, 1, 2]))
        #expect(figures.longRoot == nil)
        #expect(
            Verdict(figures).findings.contains(Finding(.note, "no shot is long enough for the interval of 10 frames")))
    }
}
