import NeuralNet
import Tensors
import Testing

@Suite struct MuonTests {
    private let rows = ParallelRows(threads: 2)

    /// What five steps of Jordan's quintic make of a singular value.
    private static func polar(_ value: Double) -> Double {
        (0..<5).reduce(value) { s, _ in s * (3.4445 + s * s * (-4.7750 + s * s * 2.0315)) }
    }

    /// The singular vectors of a diagonal matrix are the axes, so that every number of the step is known.
    @Test func allSingularDirectionsMoveAboutEquallyFar() {
        let singular: [Float] = [5, 0.5, 0.05]
        var gradient = [Float](repeating: 0, count: 14)
        for (index, value) in singular.enumerated() { gradient[1 + index * 5] = value }
        gradient[0] = 1
        gradient[13] = 1
        let start = (0..<14).map { Float($0) }
        var parameters = Tensor([14], start)
        var muon = Muon(learningRate: 0.01, matrices: [Muon.Matrix(range: 1..<13, rows: 3)], count: 14)
        muon.step(&parameters, gradient: Tensor([14], gradient), rows: rows)
        let norm = singular.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        for (index, value) in parameters.values.enumerated() {
            let onDiagonal = (1..<13).contains(index) && (index - 1) % 5 == 0
            let polar = onDiagonal ? Self.polar(Double(singular[(index - 1) / 5]) / norm) : 0
            #expect(abs(Double(start[index] - value) - 0.01 * 0.2 * 2 * polar) < 2e-6, "parameter \(index): \(value)")
            if onDiagonal { #expect((0.6...1.3).contains(polar)) }
        }
    }

    /// A mean of 0.05 of the first gradient has decayed to 0.0475 when the second step looks ahead.
    @Test func momentumGoesOnWhereTheGradientEnds() {
        var parameters = Tensor([4], [1, 2, 3, 4])
        var muon = Muon(learningRate: 0.1, matrices: [Muon.Matrix(range: 0..<4, rows: 2)], count: 4)
        muon.step(&parameters, gradient: Tensor([4], [3, 0, 0, 4]), rows: rows)
        let once = parameters.values
        #expect(zip(muon.momentum.values, [0.15, 0, 0, 0.2] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
        muon.step(&parameters, gradient: Tensor([4]), rows: rows)
        #expect(parameters.values[0] < once[0] && parameters.values[3] < once[3])
        #expect(parameters.values[1] == 2 && parameters.values[2] == 3)
    }

    @Test func matricesWithoutGradientStay() {
        let start: [Float] = [1, -2, 3, -4, 5, -6]
        var parameters = Tensor([6], start)
        let matrices = [Muon.Matrix(range: 0..<2, rows: 2), Muon.Matrix(range: 2..<6, rows: 2)]
        var muon = Muon(learningRate: 0.1, matrices: matrices, count: 6)
        muon.step(&parameters, gradient: Tensor([6], [0, 0, 1, 2, 3, 4]), rows: rows)
        #expect(parameters.values[..<2] == start[..<2])
        #expect(zip(parameters.values[2...], start[2...]).allSatisfy { $0 != $1 })
    }
}
