import Foundation
import NeuralNet
import Tensors
import Testing

/// What a plan costs and what it fuses.
@Suite struct ONNXPlanTests {
    private static let workspace = Workspace(rows: ParallelRows(threads: 2), pool: nil)

    private static func weights(_ name: String, _ extents: [Int64], seed: UInt64) -> ONNXBytes {
        var random = LayerRandom(seed: seed)
        let values = random.floats(Int(extents.reduce(1, *)))
        return ONNXBytes.tensor(name, extents, raw: values.withUnsafeBytes { Data($0) })
    }

    private func plan(
        _ nodes: [ONNXBytes], _ weights: [ONNXBytes], _ height: Int, _ width: Int, output: String = "y"
    ) throws -> ONNXPlan {
        try ONNXModel.read(bytes: ONNXBytes.model(nodes, weights: weights, output: output), name: "a.onnx")
            .plan(height: height, width: width)
    }

    private func message(_ nodes: [ONNXBytes], _ weights: [ONNXBytes], _ height: Int, _ width: Int) -> String {
        do {
            _ = try plan(nodes, weights, height, width)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func bytesCountBlocksAndConversions() throws {
        let node = ONNXBytes.node("Conv", ["x", "w"], "y", [ONNXBytes.ints("pads", [1, 1, 1, 1])])
        let plan = try plan([node], [Self.weights("w", [5, 3, 3, 3], seed: 1)], 16, 16)
        // Five channels take a block of sixteen; then five planes beside it.
        #expect(plan.peakBytes == (16 + 5) * 16 * 16 * 4)
    }

    /// relu(relu(a) + relu(b)), where a and b are normalised as they are read, equals what the parts give one by one.
    @Test func sumsOfNormalizedValues() throws {
        let pads = ONNXBytes.ints("pads", [1, 1, 1, 1])
        let branch = { (name: String) in
            [
                ONNXBytes.node("Conv", ["x", "w\(name)"], "c\(name)", [pads]),
                ONNXBytes.node("InstanceNormalization", ["c\(name)", "g\(name)", "h\(name)"], "n\(name)"),
                ONNXBytes.node("Relu", ["n\(name)"], "r\(name)"),
            ]
        }
        let weights = ["a", "b"].enumerated().flatMap { index, name in
            [
                Self.weights("w\(name)", [20, 3, 3, 3], seed: UInt64(index)),
                Self.weights("g\(name)", [20], seed: 7), Self.weights("h\(name)", [20], seed: 8),
            ]
        }
        var random = LayerRandom(seed: 5)
        let image = random.tensor([1, 3, 13, 18])
        func run(_ nodes: [ONNXBytes], _ output: String) throws -> [Float] {
            try plan(nodes, weights, 13, 18, output: output).run(image, in: Self.workspace).values
        }
        let a = try run(branch("a"), "ra")
        let b = try run(branch("b"), "rb")
        for (names, expected) in [
            (["ra", "rb"], zip(a, b).map { $0 + $1 }), (["ra", "ra"], a.map { 2 * $0 }),
        ] {
            let nodes =
                branch("a") + branch("b") + [ONNXBytes.node("Add", names, "s"), ONNXBytes.node("Relu", ["s"], "y")]
            let found = try run(nodes, "y")
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    @Test func tapsThatLieFarApart() throws {
        let far = ONNXBytes.node("Conv", ["x", "w"], "y", [ONNXBytes.ints("dilations", [1, 1 << 17])])
        let ones = [Float](repeating: 1, count: 4 * 3 * 3)
        let weights = ONNXBytes.tensor("w", [4, 3, 1, 3], raw: ones.withUnsafeBytes { Data($0) })
        let plan = try plan([far], [weights], 1, (1 << 18) + 9)
        let output = plan.run(Tensor(plan.inputShape, filledWith: 0.5), in: Self.workspace)
        #expect(output.shape == [1, 4, 1, 9] && output.values.allSatisfy { $0 == 4.5 })
    }

    // MARK: Costs

    @Test func workBeyondWhatAFrameDeservesIsRefused() {
        let pool = ONNXBytes.node(
            "MaxPool", ["x"], "y",
            [ONNXBytes.ints("kernel_shape", [1024, 1024]), ONNXBytes.ints("pads", [1000, 1000, 1000, 1000])])
        #expect(
            message([pool], [], 64, 64)
                == "a.onnx: cannot use the network: at 64×64 it reads 3408965664768 elements, more than 2548000000")
        let wide = ONNXBytes.node("Conv", ["x", "w"], "y", name: "c", [ONNXBytes.ints("pads", [99, 99, 99, 99])])
        #expect(
            message([wide], [ONNXBytes.weights("w", [64, 3, 199, 199])], 64, 64)
                == "a.onnx: cannot use the network: at 64×64 it needs 31143493632 multiply-adds, more than 20384000000")
    }

    @Test func memoryBeyondWhatAFrameDeservesIsRefused() {
        let scales = [Float]([1, 1, 600, 600]).withUnsafeBytes { Data($0) }
        let grown = ONNXBytes.node("Resize", ["x", "", "s"], "y")
        #expect(
            message([grown], [ONNXBytes.tensor("s", [4], raw: scales)], 16, 16)
                == "a.onnx: cannot use the network: at 16×16 it holds 1054 MiB at once, more than 260")
    }

    /// Many nodes may share one weight, but each packs it for itself.
    @Test func packedFiltersAreCounted() {
        let nodes = (0..<500).map {
            ONNXBytes.node(
                "Conv", [$0 == 0 ? "x" : "v\($0)", "w"], $0 == 499 ? "y" : "v\($0 + 1)", name: "c\($0)",
                [ONNXBytes.ints("pads", [1, 1, 1, 1])])
        }
        let first = ONNXBytes.node(
            "Concat", ["x", "x"], "v0", [ONNXBytes().text(1, "axis").number(20, 2).number(3, 1)])
        var chain = nodes
        chain[0] = ONNXBytes.node("Conv", ["v0", "w"], "v1", name: "c0", [ONNXBytes.ints("pads", [1, 1, 1, 1])])
        let shared = ONNXBytes.weights("w", [6, 6, 3, 3])
        #expect(message([first] + chain, [shared], 8, 8) == "no error")
        let large = ONNXBytes.weights("w", [129, 3, 128, 128])
        let many = (0..<100).map { ONNXBytes.node("Conv", ["x", "w"], "y\($0)", name: "c\($0)") }
        let sums = (0..<99).map { ONNXBytes.node("Add", [$0 == 0 ? "y99" : "s\($0)", "y\($0)"], "s\($0 + 1)") }
        #expect(
            message(many + sums + [ONNXBytes.node("Relu", ["s99"], "y")], [large], 128, 128)
                == "a.onnx: cannot use the network: 'c6' (Conv): filters and index tables up to here take more than "
                + "1073741824 bytes; raise 'limits.tensorBytes' where memory allows")
    }

    /// What a damaged file's slice leaves of a constant may be nothing; that is no fault by itself.
    @Test func anEmptySliceOfAConstantIsComputed() {
        func whole(_ name: String, _ value: Int64) -> ONNXBytes {
            ONNXBytes.tensor(name, [1], type: 7, raw: [value].withUnsafeBytes { Data($0) })
        }
        let slice = ONNXBytes.node("Slice", ["w", "from", "to", "axis"], "none")
        let constants = [ONNXBytes.weights("w", [2, 3]), whole("from", 3), whole("to", 3), whole("axis", 1)]
        #expect(message([slice, ONNXBytes.node("Relu", ["x"], "y")], constants, 16, 16) == "no error")
    }
}
