import NeuralNet
import Tensors
import Testing

@Suite struct Convolution3x3Tests {
    private let workspace = Workspace(rows: ParallelRows(threads: 2), pool: nil)

    /// Winograd's F(4×4, 3×3) loses some three bits of Float32's 24 beside the direct sums: its transforms multiply by up
    /// to 8 · 5 and divide by up to 24 · 24.
    private let tolerance = 2e-5

    @Test(arguments: Padding.allCases, [(1, 1), (1, 5), (6, 1), (2, 2), (3, 4), (5, 19)])
    func outputAndGradientAreTheReferences(padding: Padding, size: (height: Int, width: Int)) {
        for (inputs, outputs, rectified) in [(1, 1, false), (3, 16, true), (9, 3, true), (8, 5, false)] {
            var random = LayerRandom(seed: UInt64(size.height * 100 + size.width * 10 + inputs))
            let weight = random.tensor([outputs, inputs, 3, 3])
            let bias = random.tensor([outputs])
            let input = random.tensor([inputs, size.height, size.width])
            let direction = random.tensor([outputs, size.height, size.width])
            let layer = Convolution3x3(weight: weight, bias: bias, padding: padding, rectified: rectified)
            let output = layer.forward(input, in: workspace)
            let reference = { (input: ReferenceLayers.Planes) in
                ReferenceLayers.convolution(
                    input, weight: weight, bias: bias, padding: padding, rectified: rectified)
            }
            let context: Comment = "\(inputs) to \(outputs) channels, ReLU \(rectified)"
            #expect(output.shape == [outputs, size.height, size.width])
            #expect(
                ReferenceLayers.difference(output, reference(.init(input)).values) < tolerance, context)
            let gradient = layer.inputGradient(
                outputGradient: direction, input: input, output: output, in: workspace)
            let expected = ReferenceLayers.gradient(of: reference, at: .init(input), weights: direction)
            #expect(gradient.shape == input.shape)
            #expect(ReferenceLayers.difference(gradient, expected) < tolerance, context)
        }
    }

    @Test(arguments: [
        (33, 17, 70, 33), (16, 3, 41, 130), (3, 16, 19, 100), (64, 8, 9, 1023), (128, 96, 13, 70), (192, 130, 6, 9),
    ])
    func gradientIsTheTransposeAtSizesOfManyStripes(inputs: Int, outputs: Int, height: Int, width: Int) {
        var random = LayerRandom(seed: UInt64(height))
        let weight = random.tensor([outputs, inputs, 3, 3])
        let input = random.tensor([inputs, height, width])
        let direction = random.tensor([outputs, height, width])
        for padding in Padding.allCases {
            let layer = Convolution3x3(weight: weight, bias: Tensor([outputs]), padding: padding, rectified: false)
            let output = layer.forward(input, in: workspace)
            let gradient = layer.inputGradient(
                outputGradient: direction, input: input, output: output, in: workspace)
            let (there, back) = (dot(output, direction), dot(input, gradient))
            #expect(abs(there - back) < 1e-6 * norm(output) * norm(direction), "\(padding): \(there) and \(back)")
            let rows = ReferenceLayers.convolution(
                .init(input), weight: weight, bias: Tensor([outputs]), padding: padding, rectified: false)
            #expect(ReferenceLayers.difference(output, rows.values) < tolerance)
        }
    }

    @Test(arguments: [Padding.reflection, .zero, .edge], [(7, 9), (1, 1), (2, 3)])
    func aSecondGradientIsAddedBeforeTheMask(padding: Padding, size: (Int, Int)) {
        var random = LayerRandom(seed: 5)
        let layer = Convolution3x3(
            weight: random.tensor([8, 4, 3, 3]), bias: random.tensor([8]), padding: padding, rectified: false)
        let input = random.tensor([4, size.0, size.1])
        let output = layer.forward(input, in: workspace)
        let (gradient, addend) = (random.tensor(output.shape), random.tensor(input.shape))
        func blocks(_ tensor: Tensor) -> BlockTensor { BlockTensor(planar: tensor, in: workspace) }
        let found = layer.inputGradient(
            preactivationGradient: blocks(gradient), plus: blocks(addend), where: blocks(input), in: workspace
        ).planar(in: workspace).values
        let alone = layer.inputGradient(outputGradient: gradient, input: input, output: output, in: workspace).values
        for index in found.indices {
            let expected = input.values[index] > 0 ? alone[index] + addend.values[index] : 0
            #expect(abs(found[index] - expected) <= 1e-5 * max(1, abs(expected)))
        }
    }

    @Test func nothingFlowsBackThroughAClosedReLU() {
        var random = LayerRandom(seed: 6)
        let layer = Convolution3x3(
            weight: random.tensor([8, 4, 3, 3]), bias: Tensor([8], filledWith: -1000), padding: .zero, rectified: true)
        let input = random.tensor([4, 5, 5])
        let output = layer.forward(input, in: workspace)
        let gradient = layer.inputGradient(
            outputGradient: random.tensor(output.shape), input: input, output: output, in: workspace)
        #expect(output == Tensor(output.shape))
        #expect(gradient == Tensor(input.shape))
    }

    @Test func givesTheSameBitsForAnyNumberOfThreads() {
        var random = LayerRandom(seed: 7)
        let layer = Convolution3x3(
            weight: random.tensor([24, 20, 3, 3]), bias: random.tensor([24]), padding: .reflection, rectified: true)
        let input = random.tensor([20, 61, 83])
        let direction = random.tensor([24, 61, 83])
        let results = [1, 2, 5].map { threads in
            let workspace = Workspace(rows: ParallelRows(threads: threads), pool: TensorPool())
            let output = layer.forward(input, in: workspace)
            return [
                output,
                layer.inputGradient(outputGradient: direction, input: input, output: output, in: workspace),
            ]
        }
        #expect(results[1] == results[0])
        #expect(results[2] == results[0])
    }

    private func dot(_ a: Tensor, _ b: Tensor) -> Double {
        zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    private func norm(_ a: Tensor) -> Double { dot(a, a).squareRoot() }
}
