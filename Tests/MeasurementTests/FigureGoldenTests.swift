import Measurement
import Tensors
import Testing

/// Every figure against NumPy's, flow and masks given.
@Suite struct FigureGoldenTests {
    private let golden: GoldenClips
    private let figures: ClipFigures

    init() throws {
        let golden = try GoldenClips()
        let motion = GivenMotion(
            short: { $0 == 0 || $0 == 4 ? nil : golden.motion($0, interval: 0) },
            long: { index, _ in golden.motion(index, interval: 1) })
        let measurer = ClipMeasurer(motion: motion, distances: nil, rows: ParallelRows(threads: 2))
        for index in 0..<GoldenClips.frames { _ = try measurer.add(golden.compared(index)) }
        self.golden = golden
        figures = measurer.finish()
    }

    private func near(_ value: Double?, _ expected: Double?) -> Bool {
        guard let value, let expected else { return value == nil && expected == nil }
        return abs(value - expected) <= 1e-5 * max(1e-3, abs(expected))
    }

    @Test func everyFrameAgreesWithNumPy() {
        #expect(figures.frames.count == golden.expected.frames.count)
        for (frame, expected) in zip(figures.frames, golden.expected.frames) {
            #expect(near(frame.sharpness.source, expected.sharpness[0]))
            #expect(near(frame.sharpness.stylized, expected.sharpness[1]))
            #expect(near(frame.sharpness.independent, expected.sharpness[2]))
            #expect(near(frame.brightness.source, expected.brightness[0]))
            #expect(near(frame.brightness.stylized, expected.brightness[1]))
            let intervals = [
                (frame.short, expected.short, expected.shortOccluded),
                (frame.long, expected.long, expected.longOccluded),
            ]
            for (interval, errors, occluded) in intervals {
                #expect(near(interval?.source.warp, errors?[0][0]))
                #expect(near(interval?.source.root, errors?[0][1]))
                #expect(near(interval?.stylized.warp, errors?[1][0]))
                #expect(near(interval?.stylized.root, errors?[1][1]))
                #expect(near(interval?.independent?.warp, errors?[2][0]))
                #expect(near(interval?.independent?.root, errors?[2][1]))
                #expect(near(interval?.occluded, occluded))
            }
        }
    }

    @Test func theClipAgreesWithNumPy() {
        let expected = golden.expected
        #expect(figures.cuts == [4])
        #expect(near(figures.warp, expected.warp))
        #expect(near(figures.floor, expected.floor))
        #expect(near(figures.excess, expected.warp - expected.floor))
        #expect(near(figures.shortRoot, expected.shortRoot))
        #expect(near(figures.sourceShortRoot, expected.sourceShortRoot))
        #expect(near(figures.longRoot, expected.longRoot))
        #expect(near(figures.longWarp, expected.longWarp))
        #expect(near(figures.independent?.warp, expected.independent))
        #expect(near(figures.independent?.longRoot, expected.independentLongRoot))
        #expect(near(figures.independent?.steadied, expected.steadied))
        #expect(near(figures.sharpnessRatio, expected.sharpnessOfSource))
        #expect(near(figures.independent?.sharpnessRatio, expected.sharpnessOfIndependent))
        #expect(near(figures.sharpnessDrift?.change, expected.sharpnessDrift))
        #expect(near(figures.brightnessDrift?.change, expected.brightnessDrift))
        #expect(near(figures.occluded, expected.occluded))
        #expect(figures.sharpnessDrift.map { [$0.first, $0.last] } == [4, 15])
    }
}
