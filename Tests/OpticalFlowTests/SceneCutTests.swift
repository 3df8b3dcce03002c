import OpticalFlow
import Tensors
import Testing

@Suite struct SceneCutTests {
    private let rows = ParallelRows(threads: 2)

    private func firstFrames(_ pictures: [PlanarImage]) -> [Int] {
        let estimator = FlowEstimator(rows: rows)
        return pictures.indices.filter { estimator.process(pictures[$0]).motion == nil }
    }

    @Test func aHardCutBeginsAShot() {
        let pictures = [UInt64(10), 10, 11, 11].map { Texture(seed: $0).picture(width: 160, height: 90) }
        #expect(firstFrames(pictures) == [0, 2])
    }

    @Test func fastMotionIsNoCut() {
        let texture = Texture(seed: 12, frequencies: 0.02...0.3)
        let pictures = (0..<5).map { t in
            texture.picture(width: 160, height: 90) { ($0 + 14 * Double(t), $1 - 6 * Double(t)) }
        }
        #expect(firstFrames(pictures) == [0])
    }

    @Test func aFlashIsNoCut() {
        let texture = Texture(seed: 13)
        let pictures = [Float(0.6), 0.6, 1.0, 0.6].map { texture.picture(width: 160, height: 90, gain: $0) }
        #expect(firstFrames(pictures) == [0])
    }

    @Test func featurelessPicturesHaveNoCuts() {
        let pictures = [Float(0), 0.5, 1].map { PlanarImage(Tensor([3, 60, 80], filledWith: $0)) }
        #expect(firstFrames(pictures) == [0])
    }

    @Test func theMeasureMustRiseOverTheShotsRestlessness() throws {
        let texture = Texture(seed: 14)
        let other = Texture(seed: 15)
        let pyramid = { (image: PlanarImage) in GreyPyramid(image, levels: 3, rows: ParallelRows(threads: 1)) }
        let still = uniformFlow(width: 160, height: 90, u: 0, v: 0)
        // The left half changes, the right half stays.
        let half = { (x: Double, y: Double) in (x < 80 ? x : x + 3000, y) }
        let a = pyramid(texture.picture(width: 160, height: 90, half))
        let b = pyramid(
            PlanarImage(
                zipHalves(other.picture(width: 160, height: 90), texture.picture(width: 160, height: 90, half))))
        let measure = SceneCut(current: b, previous: a, flow: still)
        let calm = SceneCut(current: a, previous: a, flow: still)
        #expect(calm.unexplained < 1e-6)
        #expect((0.3..<0.6).contains(measure.unexplained))
        var settled = CutDetector()
        let settledCalm = settled.isCut(calm)
        #expect(!settledCalm)
        let settledMeasure = settled.isCut(measure)
        #expect(settledMeasure)
        #expect(settled.restlessness == nil, "a cut begins a new shot")
        var lenient = CutDetector.Configuration()
        lenient.rise = 0.9
        var restless = CutDetector(lenient)
        let restlessMeasure = restless.isCut(measure)
        #expect(!restlessMeasure)
        let restlessCalm = restless.isCut(calm)
        #expect(!restlessCalm)
        #expect(restless.restlessness == 0.9 * measure.unexplained, "restlessness fades")
        restless.reset()
        #expect(restless.restlessness == nil)
    }

    private func zipHalves(_ left: PlanarImage, _ right: PlanarImage) -> Tensor {
        let (a, b) = (left.tensor.values, right.tensor.values)
        return Tensor(left.tensor.shape, a.indices.map { $0 % left.width < left.width / 2 ? a[$0] : b[$0] })
    }

    @Test(
        "True cuts of real clips", .enabled(if: SharedPictures.available, "needs ../shared and the ffmpeg command"),
        arguments: [
            ("scene_cuts_yuv444.mp4", 26...34, 640, [30]), ("scene_cuts_yuv444.mp4", 72...80, 640, [76]),
            ("scene_cuts_yuv444.mp4", 133...141, 640, [137]), ("scene_cuts_yuv444.mp4", 183...191, 640, [187]),
            ("scene_cuts_yuv444.mp4", 238...246, 640, [242]), ("bikes_640x272.mp4", 72...80, 640, [76]),
            ("bikes_640x272.mp4", 97...106, 640, []), ("sintel_1024x436.mp4", 20...33, 512, []),
            ("skate_640x360.mp4", 76...86, 320, []), ("failing_audio.mp4", 80...86, 320, []),
        ])
    func trueCuts(clip: String, frames: ClosedRange<Int>, width: Int, cuts: [Int]) throws {
        let pictures = try SharedPictures.frames(
            "clips/\(clip)",
            filters: "select=between(n\\,\(frames.lowerBound)\\,\(frames.upperBound)),scale=\(width):-2")
        #expect(pictures.count == frames.count)
        #expect(firstFrames(pictures).dropFirst().map { $0 + frames.lowerBound } == cuts)
    }
}
