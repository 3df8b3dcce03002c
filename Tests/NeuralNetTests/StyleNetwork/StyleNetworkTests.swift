import Foundation
import NeuralNet
import Tensors
import Testing

@Suite struct StyleNetworkTests {
    private let workspace = Workspace(rows: ParallelRows(threads: 2), pool: TensorPool())
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden").path

    private func network(_ name: String) throws -> StyleNetwork {
        try StyleNetwork.load(path: "\(Self.folder)/style_network_\(name).safetensors")
    }

    private func outputs(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile.read(path: "\(Self.folder)/style_network_\(name)_outputs.safetensors")
    }

    /// The greatest difference of two pictures 0…1.
    private func difference(_ a: Tensor, _ b: Tensor) -> Float {
        guard a.shape == b.shape else { return .infinity }
        return zip(a.values, b.values).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
    }

    @Test func paintsAsPyTorch() throws {
        let (network, golden) = (try network("published"), try outputs("published"))
        #expect(network.layout == StyleNetworkLayout(widths: [16, 16, 16], residualBlocks: 2))
        #expect(network.range == StyleNetworkRange(input: .bytes, output: .bytes))
        for prefix in ["", "odd_"] {
            let painted = try network.paint(
                golden.tensor(named: prefix + "frame"), style: network.styles[0], in: workspace)
            let expected = try golden.tensor(named: prefix + "painted")
            // Ten layers in Float32, each with Winograd's rounding.
            #expect(difference(painted, expected) < 1e-4)
            #expect(Set(expected.values).count > 500)
        }
    }

    @Test func paintsSevenChannelsInEachStyle() throws {
        let (network, golden) = (try network("recurrent"), try outputs("recurrent"))
        #expect(
            network.layout == StyleNetworkLayout(inputChannels: 7, widths: [16, 32, 16], residualBlocks: 1, styles: 2))
        let frame = try golden.tensor(named: "frame")
        let painted = network.styles.map { network.paint(frame, style: $0, in: workspace) }
        for style in 0..<2 {
            #expect(try difference(painted[style], golden.tensor(named: "painted_\(style)")) < 1e-4)
        }
        #expect(difference(painted[0], painted[1]) > 0.05)
        let same = StyleVector.blend([(network.styles[0], 0.25), (network.styles[0], 0.75)])
        #expect(difference(network.paint(frame, style: same, in: workspace), painted[0]) < 1e-4)
        let half = StyleVector.blend([(network.styles[0], 0.5), (network.styles[1], 0.5)])
        let between = network.paint(frame, style: half, in: workspace)
        #expect(difference(between, painted[0]) > 0.01 && difference(between, painted[1]) > 0.01)
    }

    @Test(arguments: [(1, 1), (2, 5), (5, 3), (4, 64), (37, 50), (61, 8), (90, 33), (128, 40)])
    func stripsGiveTheWholePicture(height: Int, width: Int) throws {
        let network = try network("published")
        var random = LayerRandom(seed: UInt64(height * 1000 + width))
        let frame = random.tensor([3, height, width], in: 0...1)
        let whole = network.paint(frame, style: network.styles[0], in: workspace)
        let strips = network.paint(frame, style: network.styles[0], memoryBudget: 0, in: workspace)
        #expect(whole.shape == frame.shape)
        #expect(whole.values.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(difference(whole, strips) < 1e-4)
    }

    @Test func givesTheSameBitsForAnyNumberOfThreads() throws {
        let network = try network("recurrent")
        var random = LayerRandom(seed: 3)
        let frame = random.tensor([7, 93, 121], in: 0...1)
        for budget in [0, 480 << 20] {
            let painted = [1, 2, 5].map {
                network.paint(
                    frame, style: network.styles[1], memoryBudget: budget,
                    in: Workspace(rows: ParallelRows(threads: $0), pool: nil))
            }
            #expect(painted[1] == painted[0] && painted[2] == painted[0])
        }
    }

    /// What bfloat16 loses, where the processor computes in it, hardly shows; and how a frame is parted changes no more.
    @Test(arguments: [(1, 1), (37, 50), (93, 121)])
    func fasterNumbersPaintTheSamePicture(height: Int, width: Int) {
        let parameters = StyleNetworkParameters(seeded: .shipped(styles: 2), names: ["a", "b"])
        let (exact, fast) = (StyleNetwork(parameters), StyleNetwork(parameters, precision: .auto))
        var random = LayerRandom(seed: UInt64(height))
        let frame = random.tensor([7, height, width], in: 0...1)
        let whole = fast.paint(frame, style: fast.styles[1], in: workspace)
        #expect(difference(whole, exact.paint(frame, style: exact.styles[1], in: workspace)) < 0.02)
        for threads in [1, 2, 5] {
            let workspace = Workspace(rows: ParallelRows(threads: threads), pool: nil)
            #expect(fast.paint(frame, style: fast.styles[1], in: workspace) == whole)
            let strips = fast.paint(frame, style: fast.styles[1], memoryBudget: 0, in: workspace)
            #expect(difference(strips, whole) < 0.01)
        }
    }

    @Test func allocatesNothingAfterTheFirstFrame() throws {
        let network = try network("published")
        let pool = TensorPool()
        let workspace = Workspace(rows: ParallelRows(threads: 1), pool: pool)
        let frame = Tensor([3, 40, 52], filledWith: 0.5)
        _ = network.paint(frame, style: network.styles[0], in: workspace)
        let idle = pool.idleBytes
        for _ in 0..<3 { _ = network.paint(frame, style: network.styles[0], in: workspace) }
        #expect(idle > 0 && pool.idleBytes == idle)
    }

    @Test func saysEverythingThatIsWrongWithAFile() throws {
        let file = try SafetensorsFile.read(path: "\(Self.folder)/style_network_published.safetensors")
        func message(_ change: (inout [String: Tensor]) -> Void, metadata: [String: String] = [:]) throws -> String {
            var tensors: [String: Tensor] = [:]
            for name in file.names { tensors[name] = try file.tensor(named: name) }
            change(&tensors)
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-\(UUID()).safetensors")
            defer { try? FileManager.default.removeItem(at: path) }
            try SafetensorsFile.write(tensors: tensors, metadata: metadata, path: path.path)
            let error = #expect(throws: BrushflowError.self) { try StyleNetwork.load(path: path.path) }
            #expect(error?.kind == .content)
            return (error?.message ?? "").replacingOccurrences(of: path.lastPathComponent, with: "x")
        }
        #expect(
            try message {
                $0["res2.conv1.conv2d.weight"] = Tensor([16, 8, 3, 3]); $0["in3.bias"] = nil; $0["extra"] = Tensor([1])
            }
                == """
                x: 'in3.bias' is missing
                x: 'res2.conv1.conv2d.weight' has shape [16, 8, 3, 3], expected [16, 16, 3, 3]
                x: 'extra' is not used
                """)
        #expect(
            try message { $0["conv1.conv2d.weight"] = Tensor([16, 5, 9, 9]) }
                == "x: cannot load a style network: it takes 5 channels, not 3 (frame) or 7 (frame, warped previous output, mask)"
        )
        #expect(
            try message { $0["conv2.conv2d.weight"] = Tensor([20, 16, 3, 3]) }
                == "x: cannot load a style network: its widths are [16, 20, 16], not multiples of 16 from 16 to 1024")
        #expect(
            try message({ $0["conv1.conv2d.weight"] = nil })
                == "x: cannot load a style network: 'conv1.weight' is missing")
        #expect(
            try message({ _ in }, metadata: ["output_range": "percent"])
                == "x: cannot load a style network: its metadata has output_range 'percent', known: 0..1, 0..255, sigmoid, tanh"
        )
        let running = ["in1.running_mean": Tensor([16])]
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var tensors = running
        for name in file.names { tensors[name] = try file.tensor(named: name) }
        try SafetensorsFile.write(tensors: tensors, path: path)
        #expect(throws: Never.self) { try StyleNetwork.load(path: path) }
    }
}
