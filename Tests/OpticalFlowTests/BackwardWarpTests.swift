import OpticalFlow
import Tensors
import Testing

@Suite struct BackwardWarpTests {
    private let rows = ParallelRows(threads: 2)

    @Test(arguments: [(BackwardWarp.Interpolation.bilinear, "warp_bilinear"), (.bicubic, "warp_bicubic")])
    func agreesWithSciPy(interpolation: BackwardWarp.Interpolation, golden: String) throws {
        let image = try Golden.tensor("warp_image", [3, 13, 19])
        let flow = FlowField(try Golden.tensor("warp_flow", [2, 13, 19]))
        let expected = try Golden.tensor(golden, [3, 13, 19])
        // Positions are Float32 here and Float64 there: 1e-6 of 19 pixels times slopes of at most 2.
        #expect(largestDifference(BackwardWarp.warp(image, by: flow, interpolation, rows: rows), expected) < 5e-6)
    }

    @Test(arguments: BackwardWarp.Interpolation.allCases, [(1, 1), (1, 9), (7, 1), (33, 17), (35, 2)])
    func wholePixelsAreMovedExactly(interpolation: BackwardWarp.Interpolation, size: (width: Int, height: Int)) {
        let (width, height) = size
        var random = SeededGenerator(seed: 7)
        let values = random.floats(2 * width * height, in: -3...3)
        let image = Tensor([2, height, width], values)
        let moved = BackwardWarp.warp(
            image, by: uniformFlow(width: width, height: height, u: 2, v: -1), interpolation, rows: rows)
        var expected: [Float] = []
        for c in 0..<2 {
            for y in 0..<height {
                for x in 0..<width {
                    expected.append(values[(c * height + max(y - 1, 0)) * width + min(x + 2, width - 1)])
                }
            }
        }
        #expect(moved.values == expected)
    }

    @Test(arguments: BackwardWarp.Interpolation.allCases)
    func flowThatIsNoNumberTakesAnEdge(interpolation: BackwardWarp.Interpolation) {
        let image = Tensor([1, 2, 2], [1, 2, 3, 4])
        let flow = FlowField(Tensor([2, 2, 2], [.nan, .infinity, -.infinity, 3e38, .nan, .infinity, 0, -3e38]))
        let moved = BackwardWarp.warp(image, by: flow, interpolation, rows: rows)
        #expect(moved.values == [1, 4, 3, 2])
    }

    /// A transpose: ⟨warp(x), g⟩ = ⟨x, its gradient⟩, whatever the flow.
    @Test(arguments: [(1, 1), (9, 2), (37, 19)])
    func theGradientIsTheTransposeOfTheBicubicWarp(size: (width: Int, height: Int)) {
        let (width, height) = size
        let plane = width * height
        var random = SeededGenerator(seed: 11)
        let image = Tensor([2, height, width], random.floats(2 * plane, in: -1...1))
        let given = Tensor([2, height, width], random.floats(2 * plane, in: -1...1))
        var vectors = random.floats(2 * plane, in: -6...6)
        vectors[0] = .nan
        vectors[2 * plane - 1] = .infinity
        let flow = FlowField(Tensor([2, height, width], vectors))
        let moved = BackwardWarp.warp(image, by: flow, .bicubic, rows: rows)
        let gradient = BackwardWarp.bicubicGradient(given, by: flow)
        func product(_ a: Tensor, _ b: Tensor) -> Double {
            zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        #expect(gradient.shape == image.shape)
        #expect(abs(product(moved, given) - product(image, gradient)) < 1e-6 * Double(plane).squareRoot() + 1e-6)
        #expect(gradient.values.contains { $0 != 0 })
    }
}
