import NeuralNet
import OpticalFlow
import Stylization
import Tensors
import Testing

@Suite struct NetworkPainterTests {
    private static let (height, width) = (33, 41)
    private let rows = ParallelRows(threads: 2)

    /// A small network with seeded weights.
    private static func network(channels: Int) -> StyleNetwork {
        var seeded = SeededValues(9)
        let layout = StyleNetworkLayout(inputChannels: channels, widths: [16, 16, 16], residualBlocks: 1)
        let weights = layout.convolutions.map { convolution in
            let shape: Shape = [convolution.outputs, convolution.inputs, convolution.side, convolution.side]
            return (
                weight: Tensor(shape, (0..<shape.count).map { _ in (seeded.next() - 0.5) * 0.3 }),
                bias: Tensor([convolution.outputs], filledWith: 0.1)
            )
        }
        let normalised = layout.convolutions.dropLast()
        let style = StyleVector(
            gains: normalised.map { [Float](repeating: 1, count: $0.outputs) },
            biases: normalised.map { [Float](repeating: 0.1, count: $0.outputs) })
        return StyleNetwork(
            layout: layout, range: StyleNetworkRange(input: .unit, output: .sigmoid), weights: weights, styles: [style])
    }

    /// Pictures with flow and masks that differ from place to place.
    private func frames(_ count: Int, seed: UInt64) -> [FlowedImage] {
        var seeded = SeededValues(seed)
        return (0..<count).map { index in
            let image = seeded.picture(height: Self.height, width: Self.width)
            let flow = Tensor(
                [2, Self.height, Self.width], seeded.tensor([2, Self.height, Self.width]).values.map { 3 * $0 - 1.5 })
            let mask = ReliabilityMask(seeded.tensor([1, Self.height, Self.width]))
            return FlowedImage(
                image: image, motion: index == 0 ? nil : FlowedImage.Motion(flow: FlowField(flow), mask: mask))
        }
    }

    private func painter(_ network: StyleNetwork, weight: Double = 200, threads: Int = 2) throws -> NetworkPainter {
        try NetworkPainter(
            network: .style(network, network.styles[0]),
            configuration: StylizationConfiguration(temporalWeight: weight), rows: ParallelRows(threads: threads),
            pool: TensorPool())
    }

    @Test func aNetworkOfOneFrameIsSteadiedTowardsThePreviousPainting() throws {
        let network = Self.network(channels: 3)
        let frames = frames(3, seed: 1)
        let painter = try painter(network)
        var previous: Tensor?
        for frame in frames {
            let alone = network.paint(
                frame.image.tensor, style: network.styles[0], in: Workspace(rows: rows, pool: nil))
            var expected = alone
            if let previous, let motion = frame.motion {
                let warped = BackwardWarp.warp(previous, by: motion.flow, .bicubic, rows: rows)
                expected = TemporalStabilizer(strength: 0.1).steady(
                    alone, towards: Tensor(warped.shape, warped.values.map { min(max($0, 0), 1) }), where: motion.mask,
                    rows: rows)
                #expect(expected != alone)
            }
            #expect(try painter.paint(frame).tensor == expected)
            previous = expected
        }
    }

    @Test func aRecurrentNetworkIsGivenThePreviousPaintingAndTheMask() throws {
        let network = Self.network(channels: 7)
        let frames = frames(3, seed: 2)
        let painter = try painter(network)
        let plane = Self.height * Self.width
        var previous: Tensor?
        for frame in frames {
            var input = frame.image.tensor.values + [Float](repeating: 0, count: 4 * plane)
            if let previous, let motion = frame.motion {
                let mask = motion.mask.tensor.values
                let warped = BackwardWarp.warp(previous, by: motion.flow, .bicubic, rows: rows).values
                for index in 0..<3 * plane {
                    input[3 * plane + index] = min(max(warped[index], 0), 1) * mask[index % plane]
                }
                input.replaceSubrange((6 * plane)..., with: mask)
            }
            let expected = network.paint(
                Tensor([7, Self.height, Self.width], input), style: network.styles[0],
                in: Workspace(rows: rows, pool: nil))
            #expect(try painter.paint(frame).tensor == expected)
            previous = expected
        }
    }

    @Test(arguments: [3, 7]) func weightZeroPaintsEveryFrameByItself(channels: Int) throws {
        let network = Self.network(channels: channels)
        let painter = try painter(network, weight: 0)
        for frame in frames(3, seed: 3) {
            var alone = frame
            alone.motion = nil
            #expect(try painter.paint(frame) == self.painter(network).paint(alone))
        }
    }

    @Test(arguments: [3, 7]) func aShotDoesNotDependOnTheOneBefore(channels: Int) throws {
        let network = Self.network(channels: channels)
        let shot = frames(3, seed: 5)
        let (whole, alone) = (try painter(network), try painter(network, threads: 1))
        for frame in frames(3, seed: 4) { _ = try whole.paint(frame) }
        for frame in shot { #expect(try whole.paint(frame) == alone.paint(frame)) }
        // And after a reset whatever the motion.
        whole.reset()
        alone.reset()
        var moving = shot[1]
        let tied = try whole.paint(moving)
        moving.motion = nil
        #expect(try alone.paint(moving) == tied)
    }

    @Test func aCancelledRunPaintsNoFurtherFrame() throws {
        let network = Self.network(channels: 3)
        let painter = try NetworkPainter(
            network: .style(network, network.styles[0]), configuration: StylizationConfiguration(), rows: rows,
            isCancelled: { true })
        #expect(throws: CancellationError.self) { try painter.paint(frames(1, seed: 6)[0]) }
    }
}
