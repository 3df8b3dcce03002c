import NeuralNet
import Tensors

/// How differences of one layer's features are measured: plainly, or in the space of another encoder that a
/// linear adapter A leads to, by M = AᵀA.
package struct FeatureMetric: Sendable {
    /// M, `[C, C]`, symmetric, or nil for plain differences.
    package let matrix: Tensor?
    private let channels: Int

    /// Wraps M, `[channels, channels]`, or nil.
    package init(_ matrix: Tensor?, channels: Int) {
        if let matrix {
            precondition(matrix.shape == [channels, channels], "metric \(matrix.shape) for \(channels) channels")
        }
        self.matrix = matrix
        self.channels = channels
    }

    /// M D M for a symmetric D, `[C, C]`.
    func sandwiched(_ difference: [Double]) -> [Float] {
        let floats = difference.map { Float($0) }
        guard let matrix else { return floats }
        return multiplied(multiplied(floats, by: matrix, onTheLeft: true), by: matrix, onTheLeft: false)
    }

    /// M d for a vector d, `[C]`.
    func applied(to vector: [Double]) -> [Double] {
        guard let matrix else { return vector }
        return matrix.withFloats { matrix in
            (0..<channels).map { row in
                vector.indices.reduce(0.0) { $0 + Double(matrix[row * channels + $1]) * vector[$1] }
            }
        }
    }

    /// The diagonal of M.
    var diagonal: [Double] {
        guard let matrix else { return [Double](repeating: 1, count: channels) }
        return matrix.withFloats { matrix in (0..<channels).map { Double(matrix[$0 * channels + $0]) } }
    }

    /// M F for features F, `[C, H, W]`.
    func applied(to features: BlockTensor, in workspace: Workspace) -> BlockTensor {
        matrix.map { features.multiplied(by: $0.values, in: workspace) } ?? features
    }

    private func multiplied(_ square: [Float], by matrix: Tensor, onTheLeft: Bool) -> [Float] {
        var result = [Float](repeating: 0, count: channels * channels)
        matrix.withFloats { matrix in
            square.withUnsafeBufferPointer { square in
                result.withUnsafeMutableBufferPointer { result in
                    let (a, b) = onTheLeft ? (matrix, square) : (square, matrix)
                    guard let a = a.baseAddress, let b = b.baseAddress, let c = result.baseAddress else { return }
                    MatrixMultiply.multiply(
                        m: channels, n: channels, k: channels, a: a, lda: channels, b: b, ldb: channels, c: c,
                        ldc: channels)
                }
            }
        }
        return result
    }
}
