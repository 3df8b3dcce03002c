import NeuralNet
import OpticalFlow
import Stylization
import Tensors
import Testing

/// Painting only part of the way from the source.
@Suite struct StrengthTests {
    private let rows = ParallelRows(threads: 2)

    private func frames() -> [FlowedImage] {
        var random = SplitMix64(seed: 3)
        let image = PlanarImage(Tensor([3, 36, 44], (0..<3 * 36 * 44).map { _ in random.unit() }))
        let still = FlowedImage.Motion(
            flow: FlowField(Tensor([2, 36, 44], filledWith: 0)),
            mask: ReliabilityMask(Tensor([1, 36, 44], filledWith: 1)))
        return [FlowedImage(image: image, motion: nil), FlowedImage(image: image, motion: still)]
    }

    private func paint(_ strength: Double, network: Bool) throws -> [Tensor] {
        let settings = StylizationConfiguration(firstSteps: [2], nextSteps: [2], strength: strength)
        let painter: any Painter
        if network {
            let parameters = StyleNetworkParameters(seeded: .shipped(styles: 1), names: ["a"])
            let style = StyleNetwork(parameters)
            painter = try NetworkPainter(
                network: .style(style, style.styles[0]), configuration: settings, rows: rows)
        } else {
            let painting = PlanarImage(Tensor([3, 32, 32], (0..<3072).map { Float($0 % 7) / 7 }))
            painter = try FramePainter(
                style: .painting(painting), encoder: .slim(), configuration: settings, seed: 1, rows: rows)
        }
        return try frames().map { try painter.paint($0).tensor }
    }

    /// 0 is the source, and between the two the painting is the same one: what ties frames together knows no strength.
    @Test(arguments: [true, false]) func strengthLeadsFromTheSourceToThePainting(network: Bool) throws {
        let source = frames().map(\.image.tensor)
        let (none, half, whole) = try (
            paint(0, network: network), paint(0.5, network: network), paint(1, network: network)
        )
        for index in source.indices {
            #expect(none[index] == source[index])
            #expect(whole[index] != source[index])
            let mixed = zip(source[index].values, whole[index].values).map { 0.5 * $1 + 0.5 * $0 }
            #expect(half[index].values == mixed)
        }
    }

    @Test func strengthHasARange() {
        #expect(
            throws: BrushflowError(.usage, "stylization settings: strength is 1.5, give a value from 0 to 1")
        ) { try StylizationConfiguration(strength: 1.5).validate() }
    }
}
