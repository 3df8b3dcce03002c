import Tensors

/// Muon (Jordan 2024): moves matrices that lie in a vector of parameters along the singular vectors of their momentum, along
/// all of them about equally far, so that what the gradient says softly is learned as fast as what it says loudly.
///
/// Momentum is Nesterov's. Its polar factor is approached by five Newton–Schulz steps with Jordan's quintic, which leaves
/// singular values between 0.7 and 1.2. A matrix of r rows and c columns then moves by 0.2·√max(r, c) of that, as far as
/// Adam's steps go (Liu et al. 2025). A matrix whose gradient has always been 0 stays as it is.
package struct Muon: Sendable {
    /// A matrix among the parameters, row after row.
    package struct Matrix: Sendable, Equatable {
        /// Where it lies.
        package let range: Range<Int>
        /// Its rows.
        package let rows: Int

        /// Describes a matrix; `rows` divides the count of `range`.
        package init(range: Range<Int>, rows: Int) {
            precondition(rows > 0 && range.count % rows == 0, "\(rows) rows in \(range)")
            self.range = range
            self.rows = rows
        }
    }

    /// The size of a step, in the parameters' unit; may change between steps.
    package var learningRate: Float
    /// The decayed mean of the gradients, of the parameters' shape, 0 outside the matrices. What is set has that shape.
    package var momentum: Tensor
    /// The matrices that it moves.
    package let matrices: [Matrix]

    private static let decay: Float = 0.95
    private static let iterations = 5
    private static let quintic: (linear: Float, cubic: Float, fifth: Float) = (3.4445, -4.7750, 2.0315)
    /// The root mean square of the elements of Adam's steps, as a share of the learning rate.
    private static let adamSize: Float = 0.2

    /// Makes an optimizer without history for matrices that do not overlap, among `count` parameters.
    package init(learningRate: Float, matrices: [Matrix], count: Int) {
        self.learningRate = learningRate
        self.matrices = matrices
        momentum = Tensor([count], filledWith: 0)
    }

    /// Takes one step along a finite gradient, of the parameters' shape; leaves all but the matrices as they are.
    package mutating func step(_ parameters: inout Tensor, gradient: Tensor, rows: ParallelRows) {
        precondition(
            parameters.shape == gradient.shape && gradient.shape == momentum.shape,
            "parameters \(parameters.shape), gradient \(gradient.shape), momentum \(momentum.shape)")
        let old = momentum
        let turns = rows.map(matrices) { matrix in
            let gradient = gradient.withFloats { Array($0[matrix.range]) }
            let momentum = zip(old.withFloats { Array($0[matrix.range]) }, gradient).map(Self.mixed)
            return (momentum, Self.orthogonal(zip(momentum, gradient).map(Self.mixed), rows: matrix.rows))
        }
        for (matrix, (mean, direction)) in zip(matrices, turns) {
            let columns = matrix.range.count / matrix.rows
            let size = learningRate * Self.adamSize * Float(max(matrix.rows, columns)).squareRoot()
            momentum.withMutableFloats { _ = $0[matrix.range].update(fromContentsOf: mean) }
            parameters.withMutableFloats { parameters in
                for (index, along) in zip(matrix.range, direction) { parameters[index] -= size * along }
            }
        }
    }

    private static func mixed(_ mean: Float, _ gradient: Float) -> Float { decay * mean + (1 - decay) * gradient }

    /// A matrix with the singular vectors of another one and with singular values near 1; 0 for 0.
    private static func orthogonal(_ matrix: [Float], rows: Int) -> [Float] {
        let columns = matrix.count / rows
        let norm = Float(matrix.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
        guard norm > 0 else { return matrix }
        var x = matrix.map { $0 / norm }
        var square = [Float](repeating: 0, count: rows * rows)
        for _ in 0..<iterations {
            MatrixMultiply.multiply(
                m: rows, n: rows, k: columns, a: x, lda: columns, b: x, ldb: columns, transposeB: true, c: &square,
                ldc: rows)
            // With S = X Xᵀ: X ← (a + b S + c S²) X.
            var factor = square
            MatrixMultiply.multiply(
                m: rows, n: rows, k: rows, alpha: quintic.fifth, a: square, lda: rows, b: square, ldb: rows,
                beta: quintic.cubic, c: &factor, ldc: rows)
            var next = x
            MatrixMultiply.multiply(
                m: rows, n: columns, k: rows, a: factor, lda: rows, b: x, ldb: columns, beta: quintic.linear, c: &next,
                ldc: columns)
            x = next
        }
        return x
    }
}
