import COpenBLAS

/// Single-precision matrix products on OpenBLAS, which is called single-threaded: the threads are ours
/// (`ParallelRows`), so that the result never depends on OpenBLAS's own split.
package enum MatrixMultiply {
    private static let singleThreaded: Void = openblas_set_num_threads(1)

    /// Ends OpenBLAS's own threads, which no product here uses: for as long as a tenth of a second after they have been
    /// started they look for work again and again. No other thread may use OpenBLAS meanwhile.
    package static func endIdleThreads() {
        _ = singleThreaded
        bf_openblas_end_threads()
    }

    /// C ← alpha · op(A) · op(B) + beta · C, all row-major.
    ///
    /// - Parameters:
    ///   - m: rows of op(A) and C.
    ///   - n: columns of op(B) and C.
    ///   - k: columns of op(A), rows of op(B).
    ///   - lda: floats between rows of A as stored (`ldb`, `ldc` likewise).
    package static func multiply(
        m: Int,
        n: Int,
        k: Int,
        alpha: Float = 1,
        a: UnsafePointer<Float>,
        lda: Int,
        transposeA: Bool = false,
        b: UnsafePointer<Float>,
        ldb: Int,
        transposeB: Bool = false,
        beta: Float = 0,
        c: UnsafeMutablePointer<Float>,
        ldc: Int
    ) {
        _ = singleThreaded
        cblas_sgemm(
            CblasRowMajor,
            transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans,
            blasint(m),
            blasint(n),
            blasint(k),
            alpha,
            a,
            blasint(lda),
            b,
            blasint(ldb),
            beta,
            c,
            blasint(ldc)
        )
    }
}
