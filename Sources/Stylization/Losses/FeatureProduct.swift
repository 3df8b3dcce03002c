import Tensors

/// Products of a square matrix with features over all positions.
enum FeatureProduct {
    /// target ← alpha · matrix · features + beta · target, with `matrix` `[C, C]` and the others `[C, H, W]`.
    static func write(
        _ matrix: UnsafeBufferPointer<Float>,
        _ features: Tensor,
        to target: inout Tensor,
        alpha: Float,
        beta: Float,
        rows: ParallelRows
    ) {
        let channels = features.shape[0]
        let positions = features.shape[1] * features.shape[2]
        precondition(matrix.count == channels * channels, "matrix of \(matrix.count) for \(features.shape)")
        precondition(target.shape == features.shape, "product of \(features.shape) into \(target.shape)")
        features.withFloats { features in
            target.withMutableFloats { target in
                nonisolated(unsafe) let a = matrix.baseAddress
                nonisolated(unsafe) let b = features.baseAddress
                nonisolated(unsafe) let c = target.baseAddress
                rows.run(rows: positions, grain: FeatureStatistics.grain) { _, range in
                    guard let a, let b, let c else { return }
                    MatrixMultiply.multiply(
                        m: channels, n: range.count, k: channels, alpha: alpha, a: a, lda: channels,
                        b: b + range.lowerBound, ldb: positions, beta: beta, c: c + range.lowerBound,
                        ldc: positions)
                }
            }
        }
    }
}
