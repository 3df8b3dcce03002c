import NeuralNet
import Tensors
import Testing

@Suite struct PoolingAndAffineTests {
    private let workspace = Workspace(rows: ParallelRows(threads: 2), pool: nil)

    @Test(arguments: [Pooling2x2.Kind.average, .max], [(2, 2), (3, 2), (2, 7), (5, 5), (8, 39), (11, 34)])
    func poolingAndItsGradientAreTheReferences(kind: Pooling2x2.Kind, size: (height: Int, width: Int)) {
        var random = LayerRandom(seed: UInt64(size.height * 64 + size.width))
        let layer = Pooling2x2(kind)
        let input = random.tensor([3, size.height, size.width])
        let output = layer.forward(input, in: workspace)
        #expect(output.shape == [3, size.height / 2, size.width / 2])
        #expect(ReferenceLayers.difference(output, ReferenceLayers.pooling(.init(input), kind).values) < 1e-7)
        let direction = random.tensor(output.shape)
        let gradient = layer.inputGradient(
            outputGradient: direction, input: input, output: output, in: workspace)
        let expected = ReferenceLayers.gradient(
            of: { ReferenceLayers.pooling($0, kind) }, at: .init(input), weights: direction)
        #expect(ReferenceLayers.difference(gradient, expected) < 1e-7)
    }

    @Test func theFirstOfEqualsGetsTheGradient() {
        // Blocks with their greatest at: all four; top right and bottom left; the bottom two; bottom right.
        let input = Tensor([1, 2, 8], [5, 5, 1, 4, 0, 0, 0, 0, 5, 5, 4, 1, 2, 2, 0, 3])
        let layer = Pooling2x2(.max)
        let output = layer.forward(input, in: workspace)
        #expect(output.values == [5, 4, 2, 3])
        let gradient = layer.inputGradient(
            outputGradient: Tensor([1, 1, 4], [1, 2, 3, 4]), input: input, output: output, in: workspace)
        #expect(gradient.values == [1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4])
    }

    @Test func affineAndItsGradientAreTheReferences() {
        var random = LayerRandom(seed: 3)
        let layer = ChannelAffine(means: [0.485, 0.456, 0.406], deviations: [0.229, 0.224, 0.225])
        #expect(abs(layer.scales[0] - 1 / 0.229) < 1e-6 && abs(layer.offsets[2] + 0.406 / 0.225) < 1e-6)
        let input = random.tensor([3, 7, 33], in: 0...1)
        let output = layer.forward(input, in: workspace)
        let reference = { ReferenceLayers.affine($0, scales: layer.scales, offsets: layer.offsets) }
        #expect(ReferenceLayers.difference(output, reference(.init(input)).values) < 1e-6)
        let direction = random.tensor(input.shape)
        let gradient = layer.inputGradient(
            outputGradient: direction, input: input, output: output, in: workspace)
        let expected = ReferenceLayers.gradient(of: reference, at: .init(input), weights: direction)
        #expect(ReferenceLayers.difference(gradient, expected) < 1e-6)
    }
}
