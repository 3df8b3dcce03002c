import NeuralNet
import Tensors

/// The style statistics of one layer's features.
package struct FeatureStatistics: Sendable, Equatable {
    /// Which statistics these are.
    package let kind: StyleStatistics
    /// C.
    package let channels: Int
    /// `[C, C]`, row-major: the Gram matrix F Fᵀ / (C·H·W), or that of the centred features; empty for moments.
    package let matrix: [Double]
    /// The mean of every channel; empty for the Gram matrix.
    package let mean: [Double]
    /// The standard deviation of every channel; only for moments.
    package let deviation: [Double]

    /// Positions per stripe of the products.
    static let grain = 4096
    /// Added to a channel's variance before the root, so that a constant channel has a gradient.
    static let varianceFloor = 1e-8

    /// Measures `features`, `[C, H, W]`.
    package init(_ features: Tensor, kind: StyleStatistics, rows: ParallelRows, pool: TensorPool? = nil) {
        let channels = features.shape[0]
        let positions = features.shape[1] * features.shape[2]
        self.kind = kind
        self.channels = channels
        switch kind {
        case .gram:
            matrix = Self.product(features, rows: rows, pool: pool).map { $0 / Double(channels * positions) }
            mean = []
            deviation = []
        case .covariance:
            let sums = Self.sums(features, squared: false, rows: rows).map { $0 / Double(positions) }
            var matrix = Self.product(features, rows: rows, pool: pool)
            for row in 0..<channels {
                for column in 0..<channels {
                    let index = row * channels + column
                    matrix[index] = (matrix[index] / Double(positions) - sums[row] * sums[column]) / Double(channels)
                }
            }
            self.matrix = matrix
            mean = sums
            deviation = []
        case .moments:
            let first = Self.sums(features, squared: false, rows: rows).map { $0 / Double(positions) }
            let second = Self.sums(features, squared: true, rows: rows).map { $0 / Double(positions) }
            matrix = []
            mean = first
            deviation = zip(first, second).map { (max(0, $1 - $0 * $0) + Self.varianceFloor).squareRoot() }
        }
    }

    /// F Fᵀ: one Float32 product per stripe of positions, added up in Double in stripe order.
    private static func product(_ features: Tensor, rows: ParallelRows, pool: TensorPool?) -> [Double] {
        let channels = features.shape[0]
        let positions = features.shape[1] * features.shape[2]
        let size = channels * channels
        let stripes = ParallelRows.stripeCount(rows: positions, grain: grain)
        var partials = Tensor(uninitialized: [stripes, size], pool: pool)
        features.withFloats { features in
            partials.withMutableFloats { partials in
                nonisolated(unsafe) let source = features.baseAddress
                nonisolated(unsafe) let target = partials.baseAddress
                rows.run(rows: positions, grain: grain) { stripe, range in
                    guard let source, let target else { return }
                    let columns = source + range.lowerBound
                    MatrixMultiply.multiply(
                        m: channels, n: channels, k: range.count, a: columns, lda: positions, b: columns,
                        ldb: positions, transposeB: true, c: target + stripe * size, ldc: channels)
                }
            }
        }
        var sum = [Double](repeating: 0, count: size)
        partials.withFloats { partials in
            for stripe in 0..<stripes {
                for index in 0..<size { sum[index] += Double(partials[stripe * size + index]) }
            }
        }
        return sum
    }

    /// Σ over the positions of every channel, or of its square.
    private static func sums(_ features: Tensor, squared: Bool, rows: ParallelRows) -> [Double] {
        let channels = features.shape[0]
        let positions = features.shape[1] * features.shape[2]
        var sums = [Double](repeating: 0, count: channels)
        features.withFloats { features in
            sums.withUnsafeMutableBufferPointer { sums in
                nonisolated(unsafe) let (features, sums) = (features, sums)
                rows.run(rows: channels, grain: 1) { channel, _ in
                    let plane = features[channel * positions..<(channel + 1) * positions]
                    sums[channel] =
                        squared
                        ? plane.reduce(0.0) { $0 + Double($1) * Double($1) }
                        : plane.reduce(0.0) { $0 + Double($1) }
                }
            }
        }
        return sums
    }
}
