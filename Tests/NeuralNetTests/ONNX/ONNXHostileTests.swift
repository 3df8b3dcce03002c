import Foundation
import NeuralNet
import Tensors
import Testing

/// Models that are damaged or made to do harm: an error that names the node, and nothing more.
@Suite struct ONNXHostileTests {
    private func message(_ data: Data, height: Int = 16, width: Int = 16) -> String {
        do {
            let model = try ONNXModel.read(bytes: data, name: "a.onnx")
            _ = try model.plan(height: height, width: width)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    private func readMessage(_ node: ONNXBytes, weights: [ONNXBytes] = []) -> String {
        message(ONNXBytes.model([node], weights: weights))
    }

    @Test func noModel() {
        let none = "a.onnx: cannot read a network: it is truncated or no ONNX file"
        #expect(message(Data("PK\u{3}\u{4}something else".utf8)) == none)
        #expect(message(Data()) == "a.onnx: cannot read a network: it is no ONNX file: it holds no graph")
        let model = ONNXBytes.model([ONNXBytes.node("Relu", ["x"], "y")])
        #expect(message(model) == "no error")
        #expect(message(model.dropLast(3)) == none)
    }

    @Test func graphs() {
        let cycle = ONNXBytes.model([
            ONNXBytes.node("Add", ["x", "b"], "a", name: "first"), ONNXBytes.node("Relu", ["a"], "b", name: "second"),
            ONNXBytes.node("Relu", ["b"], "y"),
        ])
        #expect(
            message(cycle)
                == "a.onnx: cannot read a network: the graph has a cycle: 'first' (Add) reads 'b', which depends on it")
        #expect(
            readMessage(ONNXBytes.node("Add", ["x", "gone"], "y", name: "sum"))
                == "a.onnx: cannot read a network: 'sum' (Add) reads 'gone', which is no input, no weight and made by no node"
        )
        let twice = ONNXBytes.model([ONNXBytes.node("Relu", ["x"], "y"), ONNXBytes.node("Tanh", ["x"], "y")])
        #expect(message(twice) == "a.onnx: cannot read a network: node 1 (Tanh) makes 'y', which is there already")
        #expect(
            message(ONNXBytes.model([ONNXBytes.node("Relu", ["x"], "a")]))
                == "a.onnx: cannot read a network: the output 'y' is made by no node")
        #expect(
            message(ONNXBytes.model([ONNXBytes.node("Relu", ["x"], "y")], opset: 99))
                == "a.onnx: cannot use the network: it is written for operator set 99, not one of 7 to 21")
    }

    @Test func unsupportedOperatorsAreNamedAtOnce() {
        let model = ONNXBytes.model([
            ONNXBytes.node("Loop", ["x"], "a", name: "l"), ONNXBytes.node("Relu", ["a"], "b"),
            ONNXBytes.node("LSTM", ["b"], "c"), ONNXBytes.node("LSTM", ["c"], "y"),
        ])
        #expect(
            message(model)
                == "a.onnx: cannot use the network: operator 'LSTM' is not supported: node 2 (LSTM) and 1 more; "
                + "operator 'Loop' is not supported: 'l' (Loop)")
    }

    @Test func tensors() {
        let node = ONNXBytes.node("Mul", ["x", "w"], "y")
        func weight(_ tensor: ONNXBytes) -> String { readMessage(node, weights: [tensor]) }
        let start = "a.onnx: cannot read a network: the weight 'w' "
        #expect(
            weight(ONNXBytes.tensor("w", [1 << 15, 1 << 14], raw: Data(count: 16)))
                == start + "has shape [32768, 16384], more than 268435456 elements")
        #expect(
            weight(ONNXBytes.tensor("w", [3, 1, 1], raw: Data(count: 16)))
                == start + "has shape [3, 1, 1], which is 3 elements, but 16 bytes of data")
        #expect(weight(ONNXBytes.tensor("w", [-3], raw: Data(count: 12))) == start + "has a negative extent: [-3]")
        #expect(
            weight(ONNXBytes.tensor("w", [.max, .max, 0], raw: Data()))
                == start + "has shape [9223372036854775807, 9223372036854775807, 0], more than 268435456 elements")
        #expect(
            weight(ONNXBytes.tensor("w", [Int64](repeating: 1, count: 9), raw: Data(count: 4)))
                == start + "has rank 9, more than 8")
        #expect(
            weight(ONNXBytes.tensor("w", [1], type: 8, raw: Data()))
                == start + "has element type 8, not one of float, float16, double, int64, int32, uint8, bool")
        let outside = ONNXBytes.tensor("w", [3, 1, 1], raw: Data()).number(14, 1)
        #expect(weight(outside) == start + "keeps its data in another file; save the model with its weights inside")
    }

    @Test func shapes() {
        let start = "a.onnx: cannot use the network: "
        let weights = ONNXBytes.weights("w", [4, 5, 3, 3])
        #expect(
            readMessage(ONNXBytes.node("Conv", ["x", "w"], "y", name: "conv1"), weights: [weights])
                == start + "'conv1' (Conv): reads 3 channels, but its weights [4, 5, 3, 3] in 1 groups need 5")
        let pads = ONNXBytes.ints("pads", [0, 0, 1 << 23, 1 << 23, 0, 0, 1 << 23, 1 << 23])
        #expect(
            message(ONNXBytes.model([ONNXBytes.node("Pad", ["x"], "y", name: "p", [pads])], opset: 9))
                == start + "'p' (Pad): makes a tensor of shape [1, 3, 16777232, 16777232]")
        let least = ONNXBytes.ints("pads", [0, 0, .min, 0, 0, 0, 0, .max])
        #expect(
            message(ONNXBytes.model([ONNXBytes.node("Pad", ["x"], "y", name: "p", [least])], opset: 9))
                == start
                + "'p' (Pad): 'pads' is [0, 0, -9223372036854775808, 0, 0, 0, 0, 9223372036854775807] for [1, 3, 16, 16]"
        )
        let wide = ONNXBytes.ints("pads", [0, 0, 1 << 20, 1 << 20, 0, 0, 1 << 20, 1 << 20])
        #expect(
            message(ONNXBytes.model([ONNXBytes.node("Pad", ["x"], "y", name: "p", [wide])], opset: 9))
                == start + "'p' (Pad): makes a tensor of shape [1, 3, 2097168, 2097168], more than 8589934592 bytes; "
                + "raise 'limits.tensorBytes' where memory allows")
        #expect(
            readMessage(ONNXBytes.node("Conv", ["x", "x"], "y", name: "conv1"))
                == start + "'conv1' (Conv): its weights cannot depend on the frame's pixels")
        let reshape = ONNXBytes.node("Reshape", ["x", "s"], "y", name: "r")
        let sizes = ONNXBytes.tensor("s", [2], type: 7, raw: Data([3, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0]))
        #expect(
            readMessage(reshape, weights: [sizes]) == start + "'r' (Reshape): cannot bring [1, 3, 16, 16] to [3, 100]")
        let fixed = ONNXBytes.model(
            [reshape],
            weights: [
                ONNXBytes.tensor("s", [2], type: 7, raw: Data([16, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0]))
            ], input: [1, 3, 8, 8])
        #expect(
            message(fixed)
                == start
                + "'r' (Reshape): cannot bring [1, 3, 16, 16] to [16, 12]; this graph runs at the frame size that it was "
                + "saved for and at no other")
        #expect(
            message(ONNXBytes.model([ONNXBytes.node("Relu", ["x"], "y")], input: [8, 3, 8, 8]))
                == start + "its input 'x' takes 8 images at once, not one")
    }

    @Test func constantsThatGrowAreRefused() {
        let nodes = (0..<60).map {
            ONNXBytes.node(
                "Concat", ["c\($0)", "c\($0)"], "c\($0 + 1)", [ONNXBytes().text(1, "axis").number(20, 2).number(3, 0)])
        }
        let model = ONNXBytes.model(
            nodes + [ONNXBytes.node("Add", ["x", "c60"], "y")], weights: [ONNXBytes.weights("c0", [1 << 16])])
        #expect(message(model).hasPrefix("a.onnx: cannot use the network: node "))
    }

    @Test func deepGraphsAreSortedWithoutRecursion() {
        let nodes = (0..<19_000).map {
            ONNXBytes.node("Relu", [$0 == 0 ? "x" : "v\($0)"], $0 == 18_999 ? "y" : "v\($0 + 1)")
        }
        #expect(message(ONNXBytes.model(nodes.reversed())) == "no error")
    }

    @Test func manyEmptyNodesAreRefusedBeforeTheyAreDecoded() {
        var empty = Data()
        for _ in 0..<1_100_000 { empty.append(contentsOf: [0x0A, 0x00]) }
        #expect(
            message(ONNXBytes().bytes(7, empty).data)
                == "a.onnx: cannot read a network: the file holds more than 1048576 nodes, attributes, tensors and names"
        )
    }

    @Test func twoPicturesAreNotOne() throws {
        let axis = ONNXBytes().text(1, "axis").number(20, 2).number(3, 0)
        let both = try ONNXModel.read(
            bytes: ONNXBytes.model([ONNXBytes.node("Concat", ["x", "x"], "y", [axis])]), name: "a.onnx")
        #expect(
            throws: BrushflowError(
                .content, "a.onnx: cannot use the network: its output is [2, 3, 96, 96], not [1, 3, height, width]")
        ) {
            _ = try ImageNetworkModel(both, rows: ParallelRows(threads: 1))
        }
    }

    @Test func wrongChannelCount() throws {
        let four = try ONNXModel.read(
            bytes: ONNXBytes.model([ONNXBytes.node("Relu", ["x"], "y")], input: [1, 4, -1, -1]), name: "a.onnx")
        #expect(throws: BrushflowError(.content, "a.onnx: cannot use the network: its input 'x' has 4 channels, not 3"))
        {
            _ = try ImageNetworkModel(four, rows: ParallelRows(threads: 1))
        }
        let one = ONNXBytes.node("Conv", ["x", "w"], "y")
        let grey = try ONNXModel.read(
            bytes: ONNXBytes.model([one], weights: [ONNXBytes.weights("w", [1, 3, 1, 1])]), name: "a.onnx")
        #expect(
            throws: BrushflowError(
                .content, "a.onnx: cannot use the network: its output is [1, 1, 96, 96], not [1, 3, height, width]")
        ) {
            _ = try ImageNetworkModel(grey, rows: ParallelRows(threads: 1))
        }
    }

    /// Mutated files are read and, where they still can be, run: whatever happens, it is an error or a picture.
    /// `BRUSHFLOW_FUZZ` sets the number of files.
    @Test func mutatedFilesNeverTrap() throws {
        let count = ProcessInfo.processInfo.environment["BRUSHFLOW_FUZZ"].flatMap(Int.init) ?? 3000
        var sources: [Data] = []
        for file in [
            "operators.cases", "operators_conv.cases", "operators_resize.cases", "exports_nearest_static.cases",
            "exports_matching_dynamic.cases",
        ] {
            sources += try ONNXCase.read(file).map(\.model)
        }
        var limits = ONNXLimits()
        limits.activationBytes = 8 << 20
        limits.multiplyAdds = 50_000_000
        var random = LayerRandom(seed: 11)
        var (read, planned) = (0, 0)
        let workspace = Workspace(rows: ParallelRows(threads: 1), pool: nil)
        for index in 0..<count {
            let bytes = Self.mutated(sources[index % sources.count], &random)
            guard let model = try? ONNXModel.read(bytes: bytes, name: "fuzz", limits: limits) else { continue }
            read += 1
            _ = ONNXInspector.describe(model, size: (8, 12))
            guard let plan = try? model.plan(height: 8, width: 12) else { continue }
            planned += 1
            let output = plan.run(Tensor(plan.inputShape, filledWith: 0.5), in: workspace)
            #expect(output.shape == plan.outputShape)
            if let network = try? ImageNetworkModel(model, rows: ParallelRows(threads: 1)) {
                let picture = try? network.paint(
                    PlanarImage(Tensor([3, 7, 9], filledWith: 0.5)), rows: workspace.rows, pool: nil)
                #expect(picture?.width ?? 9 == 9)
            }
        }
        #expect(read > count / 10 && planned > count / 50, "\(read) read, \(planned) planned")
    }

    private static func mutated(_ source: Data, _ random: inout LayerRandom) -> Data {
        var bytes = [UInt8](source)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            // Names, attributes and extents stand at the beginning, weights behind them.
            let reach = Bool.random(using: &random) ? min(bytes.count, 400) : bytes.count
            let place = Int.random(in: 0..<reach, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][Int.random(in: 0..<5, using: &random)]
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...6, using: &random)))
            case 4: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 5: bytes[place] = bytes[place] &+ 1
            case 6: bytes[place] = bytes[place] &- 1
            default: if Int.random(in: 0..<6, using: &random) == 0 { bytes.removeLast(bytes.count - place) }
            }
        }
        return Data(bytes)
    }
}
