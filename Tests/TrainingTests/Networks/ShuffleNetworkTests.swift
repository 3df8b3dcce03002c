import Foundation
import NeuralNet
import Tensors
import Testing

@Suite struct ShuffleNetworkTests {
    private let workspace = Workspace(rows: ParallelRows(threads: 2), pool: TensorPool())
    private static let layout = StyleNetworkLayout(
        form: .shuffle, inputChannels: 7, widths: [16, 32], residualBlocks: 2, styles: 2)
    private static let network = StyleNetworkGradientTests.network(layout)

    /// Noise whose previous output is times the mask.
    private static func frame(height: Int, width: Int) -> Tensor {
        let (noise, plane) = (StyleNetworkGradientTests.noise([7, height, width], seed: 2).values, height * width)
        return Tensor(
            [7, height, width],
            noise.indices.map { index in
                let isPrevious = (3 * plane..<6 * plane).contains(index)
                return isPrevious ? noise[index] * noise[6 * plane + index % plane] : noise[index]
            })
    }

    @Test func aShareOfThePreviousOutputIsHeldWhereItIsTrusted() {
        let (model, side) = (StyleNetwork(Self.network), 24)
        var input = Self.frame(height: side, width: side).values
        let plane = side * side
        // Trusted at the left only.
        for index in 0..<plane { input[6 * plane + index] = index % side < 8 ? 1 : 0 }
        for index in 3 * plane..<6 * plane { input[index] = index % side < 8 ? 0.25 : 0 }
        let painted = model.paint(Tensor([7, side, side], input), style: model.styles[0], in: workspace).values
        for index in painted.indices where index % side < 8 {
            #expect(painted[index] >= 0.1874 && painted[index] <= 0.4376)
        }
        #expect(painted.contains { $0 > 0.7 })
    }

    @Test(arguments: [(1, 1), (2, 5), (5, 3), (4, 64), (37, 50), (301, 8), (290, 33), (128, 40)])
    func stripsGiveTheWholePicture(height: Int, width: Int) {
        let model = StyleNetwork(Self.network)
        let frame = Self.frame(height: height, width: width)
        let whole = model.paint(frame, style: model.styles[0], in: workspace)
        let strips = model.paint(frame, style: model.styles[0], memoryBudget: 0, in: workspace)
        #expect(whole.shape == [3, height, width])
        #expect(whole.values.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(zip(whole.values, strips.values).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test func givesTheSameBitsForAnyNumberOfThreads() {
        let model = StyleNetwork(Self.network)
        let frame = StyleNetworkGradientTests.noise([7, 193, 121], seed: 2)
        for budget in [0, 480 << 20] {
            let painted = [1, 2, 5].map {
                model.paint(
                    frame, style: model.styles[1], memoryBudget: budget,
                    in: Workspace(rows: ParallelRows(threads: $0), pool: nil))
            }
            #expect(painted[1] == painted[0] && painted[2] == painted[0])
        }
    }

    @Test(arguments: [false, true]) func filesKeepEverything(halves: Bool) throws {
        let bytes = SafetensorsFile.bytes(
            tensors: Self.network.tensors, metadata: Self.network.metadata, halves: halves)
        let file = try SafetensorsFile.read(bytes: bytes, name: "x")
        let loaded = try StyleNetworkParameters.load(file)
        #expect(loaded.layout == Self.layout && loaded.names == ["a", "b"])
        let expected = Self.network.values.values.map { halves ? Float(Float16($0)) : $0 }
        #expect(loaded.values.values == expected)
        let model = try StyleNetwork.load(file)
        #expect(model.names == ["a", "b"] && model.styles[1] == loaded.style(1))
    }

    @Test func otherStylesShareTheFilters() {
        let other = StyleNetworkParameters(
            sharing: Self.network, styles: [Self.network.style(1), Self.network.style(0), Self.network.style(1)],
            names: ["x", "y", "z"])
        let frame = StyleNetworkGradientTests.noise([7, 12, 16], seed: 2)
        let (models, order) = ([StyleNetwork(Self.network), StyleNetwork(other)], [1, 0, 1])
        #expect(models[1].names == ["x", "y", "z"])
        for (index, style) in order.enumerated() {
            let painted = models[1].paint(frame, style: models[1].styles[index], in: workspace)
            #expect(painted == models[0].paint(frame, style: models[0].styles[style], in: workspace))
        }
    }

    @Test func saysWhatIsWrongWithAFile() throws {
        func message(
            _ change: (inout [String: Tensor]) -> Void, form: String = "shuffle"
        ) throws -> String {
            var tensors = Self.network.tensors
            change(&tensors)
            let bytes = SafetensorsFile.bytes(tensors: tensors, metadata: ["form": form])
            let file = try SafetensorsFile.read(bytes: bytes, name: "x")
            let error = #expect(throws: BrushflowError.self) { try StyleNetwork.load(file) }
            #expect(error?.kind == .content)
            return error?.message ?? ""
        }
        #expect(
            try message({ _ in }, form: "unet")
                == "x: cannot load a style network: its metadata has form 'unet', known: shuffle")
        #expect(
            try message { $0["stem.weight"] = nil } == "x: cannot load a style network: 'stem.weight' is missing")
        #expect(
            try message { $0["stem.weight"] = Tensor([32, 9, 3, 3]) }
                == "x: cannot load a style network: 'stem.weight' takes 9 channels, not 48 (4×4 pixels of the frame) or "
                + "112 (of the frame, warped previous output, mask)")
        #expect(
            try message { $0["up.weight"] = Tensor([20, 32, 3, 3]) }
                == "x: cannot load a style network: its widths are [20, 32], not multiples of 16 from 16 to 1024")
        #expect(
            try message {
                $0["last.bias"] = Tensor([12])
                $0["res2.in2.bias"] = nil
                $0["extra"] = Tensor([1])
            } == """
                x: 'last.bias' has shape [12], expected [3]
                x: 'res2.in2.bias' is missing
                x: 'extra' is not used
                """)
    }
}
