import OpticalFlow
import Tensors
import Testing

@Suite struct DenseInverseSearchTests {
    private let rows = ParallelRows(threads: 2)

    private func flow(
        _ a: PlanarImage, _ b: PlanarImage, _ configuration: DenseInverseSearch.Configuration, threads: Int = 2
    ) -> FlowField {
        let search = DenseInverseSearch(configuration: configuration, rows: ParallelRows(threads: threads))
        let levels = search.levels(width: a.width, height: a.height)
        return search.flow(
            from: GreyPyramid(a, levels: levels, rows: rows), into: GreyPyramid(b, levels: levels, rows: rows))
    }

    @Test(arguments: [
        (DenseInverseSearch.Configuration.ultrafast, 0.6), (.fast, 0.4), (.steady, 0.3), (.medium, 0.15),
        (.accurate, 0.1),
    ])
    func findsATranslation(configuration: DenseInverseSearch.Configuration, bound: Double) {
        let texture = Texture(seed: 1)
        let a = texture.picture(width: 161, height: 99)
        let b = texture.picture(width: 161, height: 99) { ($0 - 5.3, $1 + 2.6) }
        let truth = uniformFlow(width: 161, height: 99, u: 5.3, v: -2.6)
        let error = EndPointError.compute(flow: flow(a, b, configuration), truth: truth)
        #expect(error.mean < bound)
    }

    @Test func findsAnAffineMotion() {
        let texture = Texture(seed: 2)
        let (width, height) = (176, 144)
        // b(p + w(p)) = a(p) with w affine: p' = M p + t, so b shows the texture at M⁻¹ (p' − t).
        let (m11, m12, m21, m22) = (1.04, 0.03, -0.02, 0.97)
        let (tx, ty) = (-4.0, 3.0)
        let determinant = m11 * m22 - m12 * m21
        let a = texture.picture(width: width, height: height)
        let b = texture.picture(width: width, height: height) { x, y in
            let (dx, dy) = (x - tx, y - ty)
            return ((m22 * dx - m12 * dy) / determinant, (m11 * dy - m21 * dx) / determinant)
        }
        var truth = Tensor([2, height, width])
        truth.withMutableFloats { values in
            for y in 0..<height {
                for x in 0..<width {
                    let (px, py) = (Double(x), Double(y))
                    values[y * width + x] = Float((m11 - 1) * px + m12 * py + tx)
                    values[(height + y) * width + x] = Float(m21 * px + (m22 - 1) * py + ty)
                }
            }
        }
        let error = EndPointError.compute(flow: flow(a, b, .medium), truth: FlowField(truth))
        #expect(error.mean < 0.2)
    }

    @Test func aChangeOfBrightnessIsNoMotion() {
        let texture = Texture(seed: 3)
        let a = texture.picture(width: 120, height: 90)
        let b = texture.picture(width: 120, height: 90, gain: 0.85)
        let still = uniformFlow(width: 120, height: 90, u: 0, v: 0)
        #expect(EndPointError.compute(flow: flow(a, b, .medium), truth: still).mean < 0.5)
    }

    @Test(arguments: [
        (1, 1), (1, 2), (2, 1), (3, 5), (7, 7), (8, 8), (9, 8), (1, 200), (200, 1), (17, 333), (15, 16),
    ])
    func anySizeWorks(width: Int, height: Int) {
        let a = Texture(seed: 4).picture(width: width, height: height)
        let b = Texture(seed: 5).picture(width: width, height: height)
        for configuration in [DenseInverseSearch.Configuration.ultrafast, .fast, .steady, .medium, .accurate] {
            let field = flow(a, b, configuration)
            #expect(field.tensor.shape == [2, height, width])
            #expect(field.tensor.values.allSatisfy { $0.isFinite })
            let still = flow(a, a, configuration)
            #expect(still.tensor.values.allSatisfy { abs($0) < 0.05 }, "a picture does not move against itself")
        }
    }

    @Test func picturesOfNothingButNotANumberDoNotTrap() {
        let a = PlanarImage(Tensor([3, 40, 50], filledWith: .nan))
        let b = PlanarImage(Tensor([3, 40, 50], filledWith: .infinity))
        #expect(flow(a, b, .medium).tensor.values.allSatisfy { $0.isFinite })
    }

    @Test(arguments: [DenseInverseSearch.Configuration.ultrafast, .medium, .accurate])
    func bitsDoNotDependOnThreadsNorOnWhatWasSearchedBefore(configuration: DenseInverseSearch.Configuration) {
        let texture = Texture(seed: 6)
        let a = texture.picture(width: 333, height: 251)
        let b = texture.picture(width: 333, height: 251) { ($0 - 2.5, $1 - 4 + 0.02 * $0) }
        let one = flow(a, b, configuration, threads: 1)
        #expect(one == flow(a, b, configuration, threads: 2))
        #expect(one == flow(a, b, configuration, threads: 5))
        let search = DenseInverseSearch(configuration: configuration, rows: rows)
        let levels = search.levels(width: 333, height: 251)
        let from = GreyPyramid(a, levels: levels, rows: rows)
        let into = GreyPyramid(b, levels: levels, rows: rows)
        _ = search.flow(from: into, into: from)
        #expect(one == search.flow(from: from, into: into))
    }

    @Test(
        "End-point errors on ground truth, at most 1.1 times OpenCV's medium",
        .enabled(if: SharedPictures.available, "needs ../shared/flow and the ffmpeg command"),
        arguments: [
            ("rubberwhale", "frame10_RubberWhale1", "frame11_RubberWhale2", "flow_gt", 0.25),
            ("sintel_alley_1", "clean_0002", "clean_0003", "gt_frame_0002", 0.375),
            ("sintel_alley_1", "final_0002", "final_0003", "gt_frame_0002", 0.355),
            ("sintel_market_5", "clean_0002", "clean_0003", "gt_frame_0002", 19.5),
            ("sintel_market_5", "final_0002", "final_0003", "gt_frame_0002", 18.5),
        ])
    func groundTruth(folder: String, first: String, second: String, truth: String, bound: Double) throws {
        let a = try SharedPictures.read("flow/\(folder)/\(first).png")
        let b = try SharedPictures.read("flow/\(folder)/\(second).png")
        let truth = try FlowFile.read(path: SharedPictures.path("flow/\(folder)/\(truth).flo"))
        let error = EndPointError.compute(flow: flow(a, b, .medium), truth: truth)
        #expect(error.counted > 200_000)
        #expect(error.mean < bound)
    }
}
