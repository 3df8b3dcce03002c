import Foundation
import NeuralNet
import Tensors
import Testing

/// Every operator and whole networks against ONNX Runtime; a graph at another size than it was saved for against PyTorch.
@Suite struct ONNXGoldenTests {
    static let workspace = Workspace(rows: ParallelRows(threads: 2), pool: nil)

    @Test(arguments: ["operators.cases", "operators_resize.cases", "operators_conv.cases"])
    func operatorsAgreeWithONNXRuntime(file: String) throws {
        let cases = try ONNXCase.read(file)
        #expect(cases.count > 25)
        for golden in cases { try check(golden, tolerance: 1e-5) }
    }

    @Test(
        arguments: ["nearest", "bilinear", "transposed", "shuffle", "matching", "wide", "deep"], ["static", "dynamic"])
    func exportedNetworksAgreeWithONNXRuntime(kind: String, axes: String) throws {
        let cases = try ONNXCase.read("exports_\(kind)_\(axes).cases")
        #expect(cases.count >= 4)
        for golden in cases { try check(golden, tolerance: 1e-4) }
    }

    @Test func resultsDoNotDependOnThreads() throws {
        for golden in try ONNXCase.read("exports_nearest_dynamic.cases").prefix(2) {
            let plan = try ONNXModel.read(bytes: golden.model, name: golden.name)
                .plan(height: golden.input.shape[2], width: golden.input.shape[3])
            let one = plan.run(golden.input, in: Workspace(rows: ParallelRows(threads: 1), pool: nil))
            let five = plan.run(golden.input, in: Workspace(rows: ParallelRows(threads: 5), pool: nil))
            #expect(one == five)
        }
    }

    @Test func theInputIsLeftAsItIs() throws {
        for golden in try ONNXCase.read("operators.cases").prefix(40) {
            let before = golden.input.values
            let plan = try ONNXModel.read(bytes: golden.model, name: golden.name)
                .plan(height: golden.input.shape[2], width: golden.input.shape[3])
            _ = plan.run(golden.input, in: Self.workspace)
            #expect(golden.input.values == before, "\(golden.name)")
        }
    }

    private func check(_ golden: ONNXCase, tolerance: Float) throws {
        let model = try ONNXModel.read(bytes: golden.model, name: golden.name)
        let plan: ONNXPlan
        do {
            plan = try model.plan(height: golden.input.shape[2], width: golden.input.shape[3])
        } catch {
            Issue.record("\(error)")
            return
        }
        let output = plan.run(golden.input, in: Self.workspace)
        guard output.shape == golden.output.shape, plan.outputShape == output.shape else {
            Issue.record(
                "\(golden.name): \(output.shape) planned as \(plan.outputShape), should be \(golden.output.shape)")
            return
        }
        let expected = golden.output.values
        let range = max((expected.max() ?? 0) - (expected.min() ?? 0), expected.map(abs).max() ?? 0, 1e-3)
        let difference = zip(output.values, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(difference <= tolerance * range, "\(golden.name): off by \(difference) of \(range)")
    }
}
