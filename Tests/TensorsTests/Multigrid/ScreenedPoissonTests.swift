import Tensors
import Testing

@Suite struct ScreenedPoissonTests {
    private struct Problem {
        let height: Int
        let width: Int
        var screen: [Float]
        var right: [Float]

        /// Three planes; the screen is 0 in half of the pixels and up to `strength` in the others.
        init(height: Int, width: Int, strength: Float, seed: UInt64) {
            var random = SeededFloats(seed: seed)
            (self.height, self.width) = (height, width)
            screen = random.values(height * width).map { max(0, 2 * $0 - 1) * strength + 0.001 * strength }
            right = random.values(3 * height * width).map { $0 - 0.5 }
        }

        func solve(cycles: Int, threads: Int = 2) -> [Float] {
            ScreenedPoisson.solve(
                screen: Tensor([1, height, width], screen), right: Tensor([3, height, width], right),
                start: Tensor([3, height, width]), cycles: cycles, rows: ParallelRows(threads: threads)
            ).values
        }

        /// The greatest |b − (−Δ + q) x| in Double, from the definition.
        func residual(of x: [Float]) -> Double {
            var greatest = 0.0
            for plane in 0..<3 {
                func value(_ row: Int, _ column: Int) -> Double { Double(x[(plane * height + row) * width + column]) }
                for row in 0..<height {
                    for column in 0..<width {
                        let here = value(row, column)
                        var sum = Double(right[(plane * height + row) * width + column])
                        sum -= Double(screen[row * width + column]) * here
                        for (down, across) in [(-1, 0), (1, 0), (0, -1), (0, 1)]
                        where (0..<height).contains(row + down) && (0..<width).contains(column + across) {
                            sum += value(row + down, column + across) - here
                        }
                        greatest = max(greatest, abs(sum))
                    }
                }
            }
            return greatest
        }
    }

    @Test(
        arguments: [(1, 1), (1, 9), (2, 2), (3, 2), (5, 5), (8, 8), (7, 33), (61, 83), (96, 64)], [Float(0.1), 1, 100])
    func theSolutionFulfilsTheEquation(size: (Int, Int), strength: Float) {
        let problem = Problem(height: size.0, width: size.1, strength: strength, seed: 5)
        let solution = problem.solve(cycles: 20)
        let greatest = Double(solution.map(abs).max() ?? 0)
        #expect(greatest > 0.001)
        // The rounding of the residual of values of this size.
        #expect(problem.residual(of: solution) < 1e-5 * max(1, greatest) * Double(4 + strength))
    }

    @Test(arguments: [(61, 83), (96, 64), (37, 200)], [Float(0.1), 1])
    func everyCycleLeavesAtMostHalfOfTheResidual(size: (Int, Int), strength: Float) {
        let problem = Problem(height: size.0, width: size.1, strength: strength, seed: 6)
        let residuals = (0...3).map { problem.residual(of: problem.solve(cycles: $0)) }
        for (before, after) in zip(residuals, residuals.dropFirst()) { #expect(after < 0.5 * before) }
    }

    @Test func theNumberOfThreadsChangesNoBit() {
        let problem = Problem(height: 75, width: 53, strength: 0.3, seed: 7)
        #expect(problem.solve(cycles: 2, threads: 1) == problem.solve(cycles: 2, threads: 3))
    }
}
