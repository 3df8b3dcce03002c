import Foundation
import NeuralNet
import Tensors
import Testing

/// Networks as users have them, on pictures.
@Suite struct ImageNetworkModelTests {
    static let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
            "shared/models/onnx")
    static let hasShared = FileManager.default.fileExists(atPath: shared.path)
    static let rows = ParallelRows(threads: 2)

    private static func bytes(_ values: [Float]) -> Data { values.withUnsafeBytes { Data($0) } }

    /// The picture of Scripts/golden/onnx_graphs.py.
    private func scene(height: Int, width: Int) -> PlanarImage {
        var values: [Float] = []
        for c in 0..<3 {
            for y in 0..<height {
                for x in 0..<width {
                    let stripes = (x / 24 % 2 * 60) * (y / 20 % 2)
                    let weave = (x * y / 64) % 32
                    let ramp = x * (3 + c) / 2 + y * (5 - c) / 2
                    let value = (ramp + stripes + weave) % 256
                    values.append(Float(value) / 255)
                }
            }
        }
        return PlanarImage(Tensor([3, height, width], values))
    }

    @Test(
        .enabled(if: hasShared, "the published networks are in ../shared, which is not here"),
        arguments: ["candy", "mosaic"], [(360, 640), (121, 163)])
    func publishedNetworksAgreeWithONNXRuntime(name: String, size: (Int, Int)) throws {
        let golden = try #require(
            try ONNXCase.read("published.cases").first { $0.name == "\(name)-\(size.1)x\(size.0)" })
        let model = try ONNXModel.read(path: Self.shared.appendingPathComponent("\(name).onnx").path)
        let network = try ImageNetworkModel(model, rows: Self.rows)
        #expect(network.inputRange == .bytes && network.outputRange == .bytes && network.isBGR)
        let source = scene(height: size.0, width: size.1)
        let painted = try network.paint(source, rows: Self.rows, pool: nil)
        #expect(painted.height == size.0 && painted.width == size.1)
        #expect(network.complaint(about: painted, from: source) == nil)
        let values = painted.tensor.values
        let sampled = stride(from: 0, to: values.count, by: size.0 < 200 ? 17 : 97).map { values[$0] }
        let difference = zip(sampled, golden.output.values).map { abs($0 - $1) }.max() ?? 1
        #expect(sampled.count == golden.output.count && difference < 1e-3, "off by \(difference)")
    }

    @Test(.enabled(if: hasShared, "the published networks are in ../shared, which is not here"))
    func inspectionNamesLayersAndCosts() throws {
        let lines = try ONNXInspector.describe(
            path: Self.shared.appendingPathComponent("candy.onnx").path, size: (360, 640))
        #expect(lines[0].hasPrefix("candy.onnx: ONNX, operator set 7, from OnnxMLTools"))
        #expect(
            lines.contains {
                $0.contains("'convolution' (Conv)")
                    && $0.contains("[1, 16, 440, 720]  weights [16, 3, 9, 9]  1.232 GMAC")
            })
        #expect(lines.last == "pixels as the graph says: BGR, takes 0..255, gives 0..255")
    }

    @Test func everySizeComesBackAsItWent() throws {
        let kinds = [
            "nearest_static", "nearest_dynamic", "transposed_static", "shuffle_static", "matching_static",
            "matching_dynamic",
        ]
        for kind in kinds {
            let golden = try #require(try ONNXCase.read("exports_\(kind).cases").first)
            let network = try ImageNetworkModel(try ONNXModel.read(bytes: golden.model, name: kind), rows: Self.rows)
            for (height, width) in [(16, 24), (17, 23), (30, 21), (33, 33)] {
                let painted = try network.paint(scene(height: height, width: width), rows: Self.rows, pool: nil)
                #expect(painted.height == height && painted.width == width, "\(kind) \(height) \(width)")
            }
        }
    }

    @Test func paddedFramesAreNotSheared() throws {
        // Doubling after halving rounds odd sizes: a picture that is passed through should stay where it is.
        let half = ONNXBytes.node(
            "AveragePool", ["x"], "a", [ONNXBytes.ints("kernel_shape", [2, 2]), ONNXBytes.ints("strides", [2, 2])])
        let scales = ONNXBytes.tensor("s", [4], raw: Self.bytes([1, 1, 2, 2]))
        let double = ONNXBytes.node("Upsample", ["a", "s"], "y")
        let model = try ONNXModel.read(
            bytes: ONNXBytes.model([half, double], weights: [scales], opset: 9), name: "half")
        let network = try ImageNetworkModel(model, inputRange: .unit, rows: Self.rows)
        var values: [Float] = []
        for index in 0..<3 * 21 * 35 {
            let (x, y) = (index % 35, index / 35 % 21)
            values.append(Float(x + y) / 70)
        }
        let ramp = PlanarImage(Tensor([3, 21, 35], values))
        let painted = try network.paint(ramp, rows: Self.rows, pool: nil)
        let difference = zip(painted.tensor.values, ramp.tensor.values).map { abs($0 - $1) }.max() ?? 1
        #expect(painted.width == 35 && painted.height == 21 && difference < 1.0 / 60)
    }

    @Test func cutBordersArePutAroundTheFrame() throws {
        let crop = ONNXBytes.node("Crop", ["x"], "y", [ONNXBytes.ints("border", [2, 3, 2, 3])])
        let model = try ONNXModel.read(bytes: ONNXBytes.model([crop], opset: 7), name: "crop")
        let network = try ImageNetworkModel(model, inputRange: .unit, rows: Self.rows)
        let picture = scene(height: 15, width: 19)
        #expect(try network.paint(picture, rows: Self.rows, pool: nil) == picture)
    }

    @Test func rangesAreReadFromTheGraph() throws {
        func convention(_ nodes: [ONNXBytes], _ weights: [String: [Float]]) throws -> (InputRange, OutputRange, Bool) {
            let tensors = weights.map { name, values in
                ONNXBytes.tensor(name, [Int64(values.count), 1, 1], raw: Self.bytes(values))
            }
            let model = try ONNXModel.read(bytes: ONNXBytes.model(nodes, weights: tensors), name: "range")
            let network = try ImageNetworkModel(model, rows: Self.rows)
            return (network.inputRange, network.outputRange, network.isBGR)
        }
        let caffe = try convention(
            [
                ONNXBytes.node("Sub", ["x", "m"], "a"), ONNXBytes.node("Tanh", ["a"], "b"),
                ONNXBytes.node("Mul", ["b", "k"], "c"),
                ONNXBytes.node("Add", ["c", "m"], "y"),
            ], ["m": [103.939, 116.779, 123.68], "k": [150]])
        #expect(caffe == (.bytes, .bytes, true))
        let torch = try convention(
            [
                ONNXBytes.node("Sub", ["x", "m"], "a"), ONNXBytes.node("Div", ["a", "d"], "b"),
                ONNXBytes.node("Sigmoid", ["b"], "y"),
            ],
            ["m": [0.485, 0.456, 0.406], "d": [0.229, 0.224, 0.225]])
        #expect(torch == (.unit, .unit, false))
        let scaled = try convention(
            [ONNXBytes.node("Div", ["x", "d"], "a"), ONNXBytes.node("Tanh", ["a"], "y")], ["d": [255]])
        #expect(scaled == (.bytes, .signed, false))
        let found = try convention([ONNXBytes.node("Mul", ["x", "k"], "y")], ["k": [0.9]])
        #expect(found == (.bytes, .bytes, false))
    }

    @Test func aWrongRangeIsSaid() throws {
        let nodes = [
            ONNXBytes.node("Sub", ["x", "m"], "a"), ONNXBytes.node("Mul", ["a", "k"], "b"),
            ONNXBytes.node("Sigmoid", ["b"], "y"),
        ]
        func weight(_ name: String, _ value: Float) -> ONNXBytes {
            ONNXBytes.tensor(name, [1], raw: Self.bytes([value]))
        }
        let model = try ONNXModel.read(
            bytes: ONNXBytes.model(nodes, weights: [weight("m", 0.5), weight("k", 9)]), name: "a.onnx")
        let picture = scene(height: 24, width: 40)
        let right = try ImageNetworkModel(model, inputRange: .unit, rows: Self.rows)
        #expect(right.complaint(about: try right.paint(picture, rows: Self.rows, pool: nil), from: picture) == nil)
        let wrong = try ImageNetworkModel(model, inputRange: .bytes, rows: Self.rows)
        let complaint = wrong.complaint(about: try wrong.paint(picture, rows: Self.rows, pool: nil), from: picture)
        #expect(
            complaint?.hasSuffix(
                "the network may take other numbers than 0..255: try --input-range 0..1 or --input-range imagenet")
                == true)
    }
}
