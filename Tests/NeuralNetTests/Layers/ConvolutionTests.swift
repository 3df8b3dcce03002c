import NeuralNet
import Tensors
import Testing

@Suite struct ConvolutionTests {
    private let workspace = Workspace(rows: ParallelRows(threads: 2), pool: nil)
    /// The share of the greatest value that Float32 sums in another order, and Winograd's transforms, may differ by.
    private let tolerance = 2e-5

    private struct Case: CustomStringConvertible {
        var channels: (Int, Int)
        var side: (Int, Int)
        var stride: (Int, Int) = (1, 1)
        var dilation: (Int, Int) = (1, 1)
        var groups = 1
        var pads: Convolution.Pads
        var size: (Int, Int)

        var description: String {
            "\(channels) channels in \(groups), \(side) filters, stride \(stride), dilation \(dilation), \(pads), \(size)"
        }
    }

    /// Seeded shapes with sizes 1…40 and channels 1…33, and the shapes of real layers.
    private static func cases() -> [Case] {
        var random = LayerRandom(seed: 41)
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        var cases = (1...33).map { channels -> Case in
            let groups = channels % 4 == 0 ? [1, 2, channels][channels / 4 % 3] : 1
            return Case(
                channels: (channels, number(1...4) * groups), side: (number(1...5), number(1...5)),
                stride: (number(1...3), number(1...3)), dilation: (number(1...2), number(1...2)), groups: groups,
                pads: .init(top: number(0...3), bottom: number(0...3), left: number(0...3), right: number(0...3)),
                size: (number(9...40), number(9...40)))
        }
        for size in 1...40 {
            cases.append(
                Case(
                    channels: (number(1...33), number(1...33)), side: (3, 3), pads: .init(1),
                    size: (size, number(1...40))))
        }
        cases += [
            Case(channels: (3, 32), side: (9, 9), pads: .init(4), size: (19, 37)),
            Case(channels: (7, 16), side: (9, 9), pads: .init(4), size: (12, 30)),
            Case(channels: (32, 64), side: (3, 3), stride: (2, 2), pads: .init(1), size: (21, 34)),
            Case(channels: (32, 3), side: (9, 9), pads: .init(4), size: (13, 27)),
            Case(channels: (64, 32), side: (1, 1), pads: .init(0), size: (9, 40)),
            Case(channels: (128, 128), side: (3, 3), pads: .init(1), size: (14, 18)),
            Case(channels: (256, 64), side: (3, 3), pads: .init(1), size: (9, 11)),
        ]
        return cases
    }

    @Test func outputsAreTheDefinitions() {
        for (index, shape) in Self.cases().enumerated() {
            var random = LayerRandom(seed: UInt64(index))
            let weight = random.tensor([shape.channels.1, shape.channels.0 / shape.groups, shape.side.0, shape.side.1])
            let bias = random.tensor([shape.channels.1])
            let input = random.tensor([shape.channels.0, shape.size.0, shape.size.1])
            let padding = Padding.allCases[index % 3]
            let layer = Convolution(
                weight: weight, bias: bias, stride: .init(rows: shape.stride.0, columns: shape.stride.1),
                dilation: .init(rows: shape.dilation.0, columns: shape.dilation.1), pads: shape.pads, padding: padding,
                groups: shape.groups)
            let expected = ReferenceConvolution.output(
                input, weight: weight, bias: bias.values, stride: shape.stride, dilation: shape.dilation,
                pads: (shape.pads.top, shape.pads.bottom, shape.pads.left, shape.pads.right), padding: padding,
                groups: shape.groups)
            let found = layer.forward(input, in: workspace)
            #expect(
                found.shape == expected.shape
                    && layer.outputShape(height: shape.size.0, width: shape.size.1) == found.shape)
            #expect(ReferenceLayers.difference(found, expected.values) < tolerance, "\(padding), \(shape)")
        }
    }

    /// ⟨forward(x), d⟩ = ⟨x, gradient(d)⟩ for every x and d: the gradient is the transpose of a linear map that the
    /// test above compares with its definition.
    @Test func gradientsAreTheTransposes() {
        for (index, shape) in Self.cases().enumerated() {
            var random = LayerRandom(seed: UInt64(index) + 1000)
            let weight = random.tensor([shape.channels.1, shape.channels.0 / shape.groups, shape.side.0, shape.side.1])
            let input = random.tensor([shape.channels.0, shape.size.0, shape.size.1])
            let padding = Padding.allCases[index % 3]
            let layer = Convolution(
                weight: weight, bias: nil, stride: .init(rows: shape.stride.0, columns: shape.stride.1),
                dilation: .init(rows: shape.dilation.0, columns: shape.dilation.1), pads: shape.pads, padding: padding,
                groups: shape.groups, trainable: true)
            let output = layer.forward(input, in: workspace)
            let direction = random.tensor(output.shape)
            let gradient = layer.inputGradient(outputGradient: direction, input: input, output: output, in: workspace)
            let (there, back) = (dot(output, direction), dot(input, gradient))
            let scale = (dot(output, output) * dot(direction, direction)).squareRoot()
            #expect(gradient.shape == input.shape)
            #expect(abs(there - back) < 2e-5 * scale, "\(there) and \(back): \(padding), \(shape)")
        }
    }

    /// A transposed convolution is the gradient of the convolution with the same filters, plus its bias.
    @Test func transposedConvolutionsAreTransposes() {
        var random = LayerRandom(seed: 43)
        for (side, step, pad, extra) in [
            (3, 2, 1, 1), (4, 2, 1, 0), (3, 1, 1, 0), (2, 3, 0, 1), (5, 2, 2, 1), (1, 2, 0, 1),
        ] {
            for (inputs, outputs, groups) in [(5, 20, 1), (32, 16, 1), (6, 9, 3)] {
                let weight = random.tensor([inputs, outputs / groups, side, side])
                let bias = random.tensor([outputs])
                let layer = TransposedConvolution(
                    weight: weight, bias: bias, stride: .init(step), pads: .init(pad), extra: (extra, extra),
                    groups: groups)
                let input = random.tensor([inputs, 7, 9])
                let output = layer.forward(input, in: workspace)
                let expected = Shape([outputs] + [7, 9].map { ($0 - 1) * step + side - 2 * pad + extra })
                #expect(output.shape == expected && layer.outputShape(height: 7, width: 9) == expected)
                let direction = random.tensor(expected)
                let back = Convolution(
                    weight: weight, bias: nil, stride: .init(step),
                    pads: .init(
                        top: pad, bottom: pad - extra < 0 ? 0 : pad, left: pad, right: pad - extra < 0 ? 0 : pad),
                    groups: groups
                ).forward(direction, in: workspace)
                guard back.shape == input.shape else { continue }
                let plane = expected[1] * expected[2]
                let biasPart = direction.values.indices.reduce(0.0) {
                    $0 + Double(direction.values[$1]) * Double(bias.values[$1 / plane])
                }
                #expect(abs(dot(output, direction) - biasPart - dot(input, back)) < 1e-3, "\(side), \(step), \(groups)")
            }
        }
    }

    /// The output is linear in filters and bias, so that L(w + h e) − L(w − h e) over 2 h is exact but for rounding: in
    /// Double, by the definition.
    @Test func parameterGradientsAreCentralDifferences() {
        let shapes = [
            Case(channels: (3, 5), side: (3, 3), pads: .init(1), size: (11, 7)),
            Case(
                channels: (4, 18), side: (3, 2), stride: (2, 1), groups: 2,
                pads: .init(top: 1, bottom: 0, left: 2, right: 1), size: (19, 8)),
            Case(channels: (2, 3), side: (5, 3), stride: (1, 2), dilation: (1, 2), pads: .init(3), size: (9, 12)),
            Case(channels: (17, 4), side: (1, 1), pads: .init(0), size: (10, 10)),
        ]
        for (index, shape) in shapes.enumerated() {
            for padding in Padding.allCases {
                var random = LayerRandom(seed: UInt64(index) + 50)
                let weight = random.tensor([
                    shape.channels.1, shape.channels.0 / shape.groups, shape.side.0, shape.side.1,
                ])
                let bias = random.tensor([shape.channels.1])
                let input = random.tensor([shape.channels.0, shape.size.0, shape.size.1])
                let rectified = index == 0
                let layer = Convolution(
                    weight: weight, bias: bias, stride: .init(rows: shape.stride.0, columns: shape.stride.1),
                    dilation: .init(rows: shape.dilation.0, columns: shape.dilation.1), pads: shape.pads,
                    padding: padding, groups: shape.groups, rectified: rectified)
                let output = layer.forward(input, in: workspace)
                let direction = random.tensor(output.shape)
                let mask = output.values.map { !rectified || $0 > 0 ? 1.0 : 0 }
                func loss(_ weight: Tensor, _ bias: [Float]) -> Double {
                    let values = ReferenceConvolution.output(
                        input, weight: weight, bias: bias, stride: shape.stride, dilation: shape.dilation,
                        pads: (shape.pads.top, shape.pads.bottom, shape.pads.left, shape.pads.right), padding: padding,
                        groups: shape.groups
                    ).values
                    return values.indices.reduce(0) { $0 + values[$1] * Double(direction.values[$1]) * mask[$1] }
                }
                let found = layer.parameterGradients(
                    outputGradient: direction, input: input, output: output, in: workspace)
                #expect(found.weight.shape == weight.shape && found.bias.shape == bias.shape)
                for at in stride(from: 0, to: weight.count, by: 7) {
                    var (above, below) = (weight.values, weight.values)
                    above[at] += 0.5
                    below[at] -= 0.5
                    let step = Double(above[at]) - Double(below[at])
                    let expected =
                        (loss(Tensor(weight.shape, above), bias.values) - loss(Tensor(weight.shape, below), bias.values))
                        / step
                    #expect(abs(Double(found.weight.values[at]) - expected) < 1e-4, "\(at) of \(shape), \(padding)")
                }
                for at in stride(from: 0, to: bias.count, by: 3) {
                    var above = bias.values
                    above[at] += 0.5
                    let expected =
                        (loss(weight, above) - loss(weight, bias.values))
                        / (Double(above[at]) - Double(bias.values[at]))
                    #expect(abs(Double(found.bias.values[at]) - expected) < 1e-4, "bias \(at) of \(shape), \(padding)")
                }
            }
        }
    }

    @Test func rectificationComesLast() {
        var random = LayerRandom(seed: 44)
        for side in [1, 3] {
            let (weight, bias) = (random.tensor([20, 17, side, side]), random.tensor([20]))
            let input = random.tensor([17, 10, 12])
            let plain = Convolution(weight: weight, bias: bias).forward(input, in: workspace)
            let rectified = Convolution(weight: weight, bias: bias, rectified: true).forward(input, in: workspace)
            #expect(rectified.values == plain.values.map { max($0, 0) })
            #expect(plain.values.contains { $0 < 0 })
        }
    }

    private func dot(_ a: Tensor, _ b: Tensor) -> Double {
        zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
