import Foundation
import NeuralNet
import Stylization
import Tensors
import Testing
import Training

@Suite struct EncoderTrainingGoldenTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden/encoder_training.safetensors").path

    /// Six steps from the slim encoder that ships, towards the same targets.
    @Test func lossesAreThoseOfPyTorch() throws {
        let file = try SafetensorsFile.read(path: Self.path)
        let (expected, variances) = (try file.tensor(named: "losses"), try file.tensor(named: "variances").values)
        let workspace = Workspace(rows: ParallelRows(threads: 1), pool: TensorPool())
        let steps = expected.shape[0]
        var descent = ParameterDescent(
            try SlimEncoderParameters.bundled().values, decay: CosineDecay(start: 1e-3, steps: steps), gradientNorm: 0.5
        )
        for step in 0..<steps {
            let parameters = SlimEncoderParameters(values: descent.parameters)
            let loss = DistillationLoss(
                parameters, encoder: parameters.encoder(), variances: variances.map(Double.init))
            var gradient = Tensor([SlimEncoderParameters.count])
            var means = [Double](repeating: 0, count: 4)
            for index in 0..<2 {
                let targets = try (0..<4).map { try file.tensor(named: "target\(index).\($0)") }
                let share = loss.evaluate(
                    try file.tensor(named: "picture\(index)"), targets: targets, in: workspace)
                gradient.add(0.5, share.gradient, rows: workspace.rows)
                for tap in 0..<4 { means[tap] += share.errors[tap] / 2 }
            }
            descent.step(gradient, rows: workspace.rows)
            for tap in 0..<4 {
                let golden = Double(expected.values[step * 4 + tap])
                #expect(
                    abs(means[tap] - golden) < 1e-3 * golden, "step \(step), tap \(tap): \(means[tap]), not \(golden)")
            }
        }
    }
}
