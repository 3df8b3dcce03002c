import NeuralNet
import Stylization
import Tensors
import Testing
import Training

@Suite struct DistillationLossTests {
    private static let variances = [0.5, 0.7, 0.6, 0.4]
    private let workspace = Workspace(rows: ParallelRows(threads: 1), pool: TensorPool())

    private static func targets(height: Int, width: Int) -> [Tensor] {
        (0..<4).map { tap in
            let positions = (height >> tap) * (width >> tap)
            return StyleNetworkGradientTests.noise([64 << tap, positions], seed: UInt64(30 + tap))
        }
    }

    /// Along a random direction within each tensor and along its steepest element, in Double, also of sides that halve to odd
    /// numbers.
    @Test(arguments: [(16, 16), (24, 18)])
    func gradientsAreThoseOfCentralDifferences(height: Int, width: Int) throws {
        let parameters = try SlimEncoderParameters.bundled()
        let picture = StyleNetworkGradientTests.noise([3, height, width], seed: 3)
        let targets = Self.targets(height: height, width: width)
        let loss = DistillationLoss(parameters, encoder: parameters.encoder(), variances: Self.variances)
        let (errors, gradient) = loss.evaluate(picture, targets: targets, in: workspace)
        #expect(loss.errors(of: picture, targets: targets, in: workspace) == errors)
        let reference = ReferenceSlimEncoder(parameters)
        let expected = reference.errors(of: picture, targets: targets, variances: Self.variances)
        for (error, golden) in zip(errors, expected) { #expect(abs(error - golden) < 1e-4 * golden) }
        let gradients = SlimEncoderParameters(values: gradient).tensors
        var random = SplitMix64(seed: 8)
        for (name, tensor) in reference.tensors.sorted(by: { $0.key < $1.key }) {
            let slopes = try #require(gradients[name]).values.map(Double.init)
            let steepest = slopes.indices.max { abs(slopes[$0]) < abs(slopes[$1]) } ?? 0
            let directions = [
                tensor.values.map { _ in Double(random.unit()) - 0.5 },
                tensor.values.indices.map { $0 == steepest ? 1 : 0 },
            ]
            for direction in directions {
                func total(_ step: Double) -> Double {
                    var moved = reference
                    moved.tensors[name]?.values = zip(tensor.values, direction).map { $0 + step * $1 }
                    return moved.errors(of: picture, targets: targets, variances: Self.variances).reduce(0, +)
                }
                let difference = (total(1e-6) - total(-1e-6)) / 2e-6
                let slope = zip(slopes, direction).reduce(0) { $0 + $1.0 * $1.1 }
                let size = zip(slopes, direction).reduce(0) { $0 + abs($1.0 * $1.1) }
                #expect(abs(slope - difference) < 1e-3 * size, "\(name): \(slope), not \(difference)")
            }
        }
    }
}
