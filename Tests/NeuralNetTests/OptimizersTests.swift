import Foundation
import NeuralNet
import Tensors
import Testing

@Suite struct OptimizersTests {
    /// ½ xᵀ (diag + u uᵀ) x − bᵀ x, with the answers of PyTorch, NumPy and SciPy.
    private struct Golden: Decodable {
        let diagonal: [Float]
        let u: [Float]
        let b: [Float]
        let adam: [[Float]]
        let adamSteps: [Int]
        let free: [Float]
        let boxed: [Float]
        let freeLoss: Double
        let boxedLoss: Double

        static func load() throws -> Golden {
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            let data = try Data(contentsOf: folder.appendingPathComponent("Golden/optimizers.json"))
            return try JSONDecoder().decode(Golden.self, from: data)
        }

        func evaluate(_ point: Tensor, scale: Double = 1) -> Evaluation {
            let x = point.values.map { Double($0) }
            let along = zip(u, x).reduce(0.0) { $0 + Double($1.0) * $1.1 }
            var loss = 0.5 * along * along
            var gradient: [Float] = []
            for i in x.indices {
                loss += 0.5 * Double(diagonal[i]) * x[i] * x[i] - Double(b[i]) * x[i]
                gradient.append(Float(scale * (Double(diagonal[i]) * x[i] + Double(u[i]) * along - Double(b[i]))))
            }
            return Evaluation(loss: loss * scale, gradient: Tensor(point.shape, gradient))
        }
    }

    private let rows = ParallelRows(threads: 1)

    private func worst(_ a: Tensor, _ b: [Float]) -> Float { zip(a.values, b).map { abs($0 - $1) }.max() ?? .infinity }

    @Test func adamFollowsPyTorch() throws {
        let golden = try Golden.load()
        var x = Tensor([24], filledWith: 0.25)
        var adam = Adam(learningRate: 0.03)
        for step in 1...40 {
            _ = try adam.step(&x, rows: rows) { golden.evaluate($0) }
            if let index = golden.adamSteps.firstIndex(of: step) { #expect(worst(x, golden.adam[index]) < 1e-6) }
        }
    }

    @Test func adamStaysInItsBox() throws {
        let golden = try Golden.load()
        var x = Tensor([24], filledWith: 0.25)
        var adam = Adam(learningRate: 0.3, box: 0...1)
        for _ in 0..<100 { _ = try adam.step(&x, rows: rows) { golden.evaluate($0) } }
        #expect(x.values.allSatisfy { (0...1).contains($0) })
        #expect(x.values.contains(0) && x.values.contains(1))
    }

    @Test func lbfgsSolvesAQuadratic() throws {
        let golden = try Golden.load()
        var x = Tensor([24], filledWith: 0.25)
        var lbfgs = LBFGS()
        for _ in 0..<60 { _ = try lbfgs.step(&x, rows: rows) { golden.evaluate($0) } }
        #expect(worst(x, golden.free) < 1e-4)
    }

    /// SciPy's L-BFGS-B is the judge of the minimum in the box.
    @Test func lbfgsSolvesAQuadraticInABox() throws {
        let golden = try Golden.load()
        var x = Tensor([24], filledWith: 0.25)
        var lbfgs = LBFGS(box: 0...1)
        for _ in 0..<100 { _ = try lbfgs.step(&x, rows: rows) { golden.evaluate($0) } }
        #expect(worst(x, golden.boxed) < 1e-4)
        #expect(x.values.allSatisfy { (0...1).contains($0) })
    }

    private static func rosenbrock(_ point: Tensor) -> Evaluation {
        let (x, y) = (Double(point.values[0]), Double(point.values[1]))
        let bend = y - x * x
        return Evaluation(
            loss: 100 * bend * bend + (1 - x) * (1 - x),
            gradient: Tensor([2], [Float(-400 * x * bend - 2 * (1 - x)), Float(200 * bend)]))
    }

    @Test func lbfgsFindsRosenbrocksValley() throws {
        var x = Tensor([2], [-1.2, 1])
        var lbfgs = LBFGS(firstStep: 0.1)
        for _ in 0..<80 { _ = try lbfgs.step(&x, rows: rows, evaluate: Self.rosenbrock) }
        #expect(worst(x, [1, 1]) < 1e-3)
    }

    /// An absolute tolerance on a loss of 1e10 stops after two iterations; a relative one does not see the scale.
    @Test(arguments: [1e10, 1e-10]) func toleranceIsRelative(scale: Double) throws {
        let golden = try Golden.load()
        var (x, y) = (Tensor([24], filledWith: 0.25), Tensor([24], filledWith: 0.25))
        var (plain, scaled) = (LBFGS(box: 0...1), LBFGS(box: 0...1))
        for _ in 0..<12 {
            let a = try plain.step(&x, rows: rows) { golden.evaluate($0) }
            let b = try scaled.step(&y, rows: rows) { golden.evaluate($0, scale: scale) }
            #expect(abs(b / scale - a) < 1e-4 * abs(a))
        }
        #expect(worst(x, y.values) < 1e-3)
        #expect(!scaled.hasStalled)
    }

    @Test func aLossThatIsNotANumberIsAFailedTrial() throws {
        let golden = try Golden.load()
        var x = Tensor([24], filledWith: 0)
        var lbfgs = LBFGS(firstStep: 100)
        for _ in 0..<60 {
            _ = try lbfgs.step(&x, rows: rows) { point in
                let far = point.values.contains { abs($0) > 20 }
                return far ? Evaluation(loss: .nan, gradient: point) : golden.evaluate(point)
            }
        }
        #expect(worst(x, golden.free) < 1e-3)
    }

    @Test func nothingMovesWhereTheLossIsNowhereANumber() throws {
        let broken: (Tensor) -> Evaluation = {
            Evaluation(loss: .nan, gradient: Tensor($0.shape, filledWith: .nan))
        }
        var (x, y) = (Tensor([5], filledWith: 0.5), Tensor([5], filledWith: 0.5))
        var lbfgs = LBFGS()
        var adam = Adam(learningRate: 0.1)
        for _ in 0..<3 {
            _ = try lbfgs.step(&x, rows: rows, evaluate: broken)
            _ = try adam.step(&y, rows: rows, evaluate: broken)
        }
        #expect(lbfgs.hasStalled)
        #expect(x == Tensor([5], filledWith: 0.5) && y == x)
    }

    @Test func givesTheSameBitsForAnyNumberOfThreads() throws {
        let count = 3 * 16384 + 77
        let target = Tensor([count], (0..<count).map { Float(($0 &* 7919) % 1000) / 700 })
        func run(_ optimizer: some Optimizer, threads: Int) throws -> Tensor {
            var optimizer = optimizer
            var x = Tensor([count], filledWith: 0.5)
            let rows = ParallelRows(threads: threads)
            for _ in 0..<6 {
                _ = try optimizer.step(&x, rows: rows) { point in
                    var difference = point
                    difference.add(-1, target, rows: rows)
                    return Evaluation(loss: difference.squaredNorm(rows: rows), gradient: difference)
                }
            }
            return x
        }
        #expect(try run(LBFGS(box: 0...1), threads: 1) == run(LBFGS(box: 0...1), threads: 2))
        #expect(try run(Adam(learningRate: 0.1), threads: 1) == run(Adam(learningRate: 0.1), threads: 2))
    }
}
