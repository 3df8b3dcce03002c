import Foundation
import NeuralNet
import Testing

/// What follows from `limits.tensorBytes` for an ONNX network.
@Suite struct ONNXLimitTests {
    @Test func theUsualLimitsAreThoseOfTheUsualSetting() {
        let (usual, made) = (ONNXLimits.standard, ONNXLimits(tensorBytes: 1 << 30))
        #expect(
            (usual.fileBytes, usual.keptBytes, usual.activationBytes)
                == (made.fileBytes, made.keptBytes, made.activationBytes))
    }

    @Test func activationsAreBounded() throws {
        let bytes = ONNXBytes.model([ONNXBytes.node("Relu", ["x"], "y", name: "r")])
        let model = try ONNXModel.read(bytes: bytes, name: "a.onnx", limits: ONNXLimits(tensorBytes: 1 << 17))
        do {
            _ = try model.plan(height: 512, width: 512)
            Issue.record("tensors of 3 MiB were taken for 1 MiB")
        } catch {
            let words = "\(error)"
            #expect(
                words.hasPrefix("a.onnx: cannot use the network: at 512×512 it holds ")
                    && words.hasSuffix(" MiB at once, more than 1; raise 'limits.tensorBytes' where memory allows"),
                "\(words)")
        }
    }
}
