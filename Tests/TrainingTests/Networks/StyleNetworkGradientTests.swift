import NeuralNet
import Tensors
import Testing

@Suite struct StyleNetworkGradientTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let channels: Int
        let widths: [Int]
        let blocks: Int
        let height: Int
        let width: Int
        var testDescription: String { "\(channels) channels, \(widths), \(blocks) blocks, \(width)×\(height)" }

        var layout: StyleNetworkLayout {
            StyleNetworkLayout(
                form: .shuffle, inputChannels: channels, widths: widths, residualBlocks: blocks, styles: 2)
        }
    }

    static let cases = [
        Case(channels: 7, widths: [16, 16], blocks: 1, height: 20, width: 24),
        Case(channels: 3, widths: [16, 32], blocks: 2, height: 13, width: 18),
        Case(channels: 7, widths: [32, 16], blocks: 1, height: 7, width: 29),
    ]

    /// A network whose every number differs from where training begins.
    static func network(_ layout: StyleNetworkLayout) -> StyleNetworkParameters {
        var network = StyleNetworkParameters(seeded: layout, names: ["a", "b"], seed: 5)
        var random = SplitMix64(seed: 9)
        network.values = Tensor(
            [network.values.count], network.values.values.map { $0 + 0.1 * (random.unit() - 0.5) })
        return network
    }

    static func noise(_ shape: Shape, seed: UInt64) -> Tensor {
        var random = SplitMix64(seed: seed)
        return Tensor(shape, (0..<shape.count).map { _ in random.unit() })
    }

    private let workspace = Workspace(rows: ParallelRows(threads: 1), pool: TensorPool())

    @Test(arguments: cases) func paintsAsTheReference(_ test: Case) {
        let network = Self.network(test.layout)
        let frame = Self.noise([test.channels, test.height, test.width], seed: 3)
        let reference = ReferenceStyleNetwork(layout: test.layout, values: network.values.values.map(Double.init))
        let model = StyleNetwork(network)
        for style in 0..<2 {
            let expected = reference.paint(frame, style: style)
            let painted = model.paint(frame, style: model.styles[style], in: workspace)
            let kept = TrainableStyleNetwork(network, rows: workspace.rows).forward(frame, style: style, in: workspace)
            for found in [painted, kept.output] {
                #expect(zip(found.values, expected).allSatisfy { abs(Double($0) - $1) < 2e-5 })
            }
        }
    }

    /// Along random directions within each tensor, in Double.
    @Test(arguments: cases) func gradientsAreThoseOfCentralDifferences(_ test: Case) {
        let network = Self.network(test.layout)
        let (layout, style) = (test.layout, 1)
        let frame = Self.noise([test.channels, test.height, test.width], seed: 4)
        var weights = Self.noise([3, test.height, test.width], seed: 6)
        weights = Tensor(weights.shape, weights.values.map { $0 - 0.5 })
        let trainable = TrainableStyleNetwork(network, rows: workspace.rows)
        let activations = trainable.forward(frame, style: style, in: workspace)
        let gradient = trainable.gradient(weights, activations, in: workspace).parameters.values
        var reference = ReferenceStyleNetwork(layout: layout, values: network.values.values.map(Double.init))
        let start = reference.values
        func loss() -> Double {
            zip(reference.paint(frame, style: style), weights.values).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        let shared = StyleNetworkParameters.sharedCount(layout)
        var groups = layout.convolutions.indices.map { ($0.description, network.filterRange($0)) }
        groups.append(("bias", shared - 3..<shared))
        var first = shared
        for (norm, channels) in layout.normWidths.enumerated() {
            groups.append(("γ \(norm)", first..<first + channels))
            groups.append(("β \(norm)", first + channels..<first + 2 * channels))
            first += 2 * channels
        }
        #expect(first == gradient.count)
        let offset = network.styleRange(style).lowerBound - shared
        var random = SplitMix64(seed: 8)
        for (name, range) in groups {
            let norm = gradient[range].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(norm > 0, "\(name)")
            for _ in 0..<2 {
                let direction = range.map { _ in Double(random.unit()) - 0.5 }
                // Longer steps meet the kinks of ReLU.
                let step = 1e-7
                func moved(_ scale: Double) -> Double {
                    for (index, value) in zip(range, direction) {
                        let at = index + (index < shared ? 0 : offset)
                        reference.values[at] = start[at] + scale * value
                    }
                    defer { reference.values = start }
                    return loss()
                }
                let expected = (moved(step) - moved(-step)) / (2 * step)
                let found = zip(range, direction).reduce(0) { $0 + Double(gradient[$1.0]) * $1.1 }
                #expect(
                    abs(found - expected) < 1e-3 * max(abs(expected), 0.3 * norm, 1e-2),
                    "\(name): \(found) for \(expected)")
            }
        }
    }

    /// Along random directions within the previous output, which is what a gradient goes back through to earlier frames.
    @Test(arguments: [cases[0], cases[2]])
    func thePreviousOutputsGradientIsThatOfCentralDifferences(_ test: Case) throws {
        let network = Self.network(test.layout)
        let plane = test.height * test.width
        // The last convolution reads what is above 0 alone; the warp may overshoot.
        let frame = Self.noise([7, test.height, test.width], seed: 14).values.map { 1.2 * $0 - 0.1 }
        let weights = Self.noise([3, test.height, test.width], seed: 16).values.map { $0 - 0.5 }
        let trainable = TrainableStyleNetwork(network, rows: workspace.rows)
        let activations = trainable.forward(
            Tensor([7, test.height, test.width], frame), style: 1, in: workspace)
        let gradient = try #require(
            trainable.gradient(
                Tensor([3, test.height, test.width], weights), activations, reachesPrevious: true, in: workspace
            ).previous)
        #expect(gradient.shape == [3, test.height, test.width])
        let reference = ReferenceStyleNetwork(layout: test.layout, values: network.values.values.map(Double.init))
        var random = SplitMix64(seed: 18)
        for part in 0..<6 {
            // Half a plane at a time, so that none hides behind the others.
            let range = part * plane / 2..<(part + 1) * plane / 2
            let direction = range.map { _ in Double(random.unit()) - 0.5 }
            let step = 1e-6
            func moved(_ scale: Double) -> Double {
                var planes = frame.map(Double.init)
                for (index, value) in zip(range, direction) { planes[3 * plane + index] += scale * value }
                return zip(reference.paint(planes, height: test.height, width: test.width, style: 1), weights)
                    .reduce(0) { $0 + $1.0 * Double($1.1) }
            }
            let expected = (moved(step) - moved(-step)) / (2 * step)
            let found = zip(range, direction).reduce(0) { $0 + Double(gradient.values[$1.0]) * $1.1 }
            let norm = range.reduce(0) { $0 + Double(gradient.values[$1] * gradient.values[$1]) }.squareRoot()
            #expect(norm > 0)
            #expect(
                abs(found - expected) < 1e-3 * max(abs(expected), 0.3 * norm), "\(part): \(found) for \(expected)")
        }
    }

    @Test func aStylesOwnGradientNeedsNoOther() {
        let test = Self.cases[1]
        let trainable = TrainableStyleNetwork(Self.network(test.layout), rows: workspace.rows)
        let frame = Self.noise([test.channels, test.height, test.width], seed: 4)
        let activations = trainable.forward(frame, style: 0, in: workspace)
        let weights = Self.noise([3, test.height, test.width], seed: 6)
        let all = trainable.gradient(weights, activations, in: workspace).parameters.values
        let own = trainable.gradient(weights, activations, styleOnly: true, in: workspace)
            .parameters.values
        let shared = StyleNetworkParameters.sharedCount(test.layout)
        #expect(all[shared...] == own[shared...])
        #expect(own[..<(shared - 3)].allSatisfy { $0 == 0 })
    }
}
