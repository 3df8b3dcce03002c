import OpticalFlow
import Tensors
import Testing

@Suite struct ScaledSearchTests {
    private let rows = ParallelRows(threads: 2)

    private func flow(_ a: PlanarImage, _ b: PlanarImage, halvings: Int?, threads: Int = 2) -> FlowField {
        let search = ScaledSearch(
            configuration: .medium, halvings: halvings, rows: ParallelRows(threads: threads), pool: TensorPool())
        let levels = search.levels(width: a.width, height: a.height)
        return search.flow(
            from: GreyPyramid(a, levels: levels, rows: rows), into: GreyPyramid(b, levels: levels, rows: rows))
    }

    @Test(arguments: [(0, 0.15), (1, 0.3), (2, 0.8)])
    func findsATranslation(halvings: Int, bound: Double) {
        let texture = Texture(seed: 21, frequencies: 0.02...0.2)
        let a = texture.picture(width: 243, height: 157)
        let b = texture.picture(width: 243, height: 157) { ($0 - 7.3, $1 + 4.6) }
        let truth = uniformFlow(width: 243, height: 157, u: 7.3, v: -4.6)
        #expect(EndPointError.compute(flow: flow(a, b, halvings: halvings), truth: truth).mean < bound)
    }

    @Test(arguments: [(1, 1), (2, 3), (3, 9), (8, 8), (17, 33), (1, 60)], [1, 2])
    func anySizeWorks(size: (width: Int, height: Int), halvings: Int) {
        let a = Texture(seed: 22).picture(width: size.width, height: size.height)
        let b = Texture(seed: 23).picture(width: size.width, height: size.height)
        let field = flow(a, b, halvings: halvings)
        #expect(field.tensor.shape == [2, size.height, size.width])
        #expect(field.tensor.values.allSatisfy { $0.isFinite })
    }

    @Test func bitsDoNotDependOnThreads() {
        let texture = Texture(seed: 24)
        let a = texture.picture(width: 203, height: 151)
        let b = texture.picture(width: 203, height: 151) { ($0 - 2.5, $1 - 4) }
        #expect(flow(a, b, halvings: 1, threads: 1) == flow(a, b, halvings: 1, threads: 5))
    }

    /// 4K and less than 8K are searched at a half, 8K at a quarter, and 1440p whole.
    @Test(arguments: [
        (1920, 1080, 0), (2560, 1440, 0), (2562, 1440, 1), (3840, 2160, 1), (4096, 2160, 1), (7680, 4320, 2),
    ])
    func theSizeChooses(width: Int, height: Int, halvings: Int) {
        #expect(ScaledSearch.automaticHalvings(width: width, height: height) == halvings)
    }

    @Test func enlargementAgreesWithNumPy() throws {
        let guide = GreyPyramid(grey: try Golden.tensor("upsampling_grey", [26, 38]), levels: 3, rows: rows)
        let small = FlowField(try Golden.tensor("upsampling_flow", [2, 6, 9]))
        let large = EdgeAwareUpsampling.flow(small, guide: guide, halvings: 2, rows: rows)
        #expect(largestDifference(large.tensor, try Golden.tensor("upsampling_expected", [2, 26, 38])) < 1e-3)
    }

    /// Where dark moves left and bright moves right, the edge of the motion is that of the picture, to the pixel.
    @Test func motionEndsWhereThePictureDoes() {
        var grey = Tensor([16, 32])
        grey.withMutableFloats { values in
            for y in 0..<16 { for x in 0..<32 { values[y * 32 + x] = x < 13 ? 20 : 220 } }
        }
        let guide = GreyPyramid(grey: grey, levels: 3, rows: rows)
        var small = Tensor([2, 4, 8])
        small.withMutableFloats { values in
            for y in 0..<4 { for x in 0..<8 { values[y * 8 + x] = x < 3 ? -1 : 1 } }
        }
        let large = EdgeAwareUpsampling.flow(FlowField(small), guide: guide, halvings: 2, rows: rows)
        let row = Array(large.tensor.values[8 * 32..<9 * 32])
        #expect(row[0..<13].allSatisfy { $0 < -3.5 } && row[13..<32].allSatisfy { $0 > 3.5 })
    }
}
