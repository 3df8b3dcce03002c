import Tensors
import Testing

@Suite struct MatrixMultiplyTests {
    @Test func multipliesTransposedAndScaled() {
        let a: [Float] = [1, 2, 3, 4, 5, 6]
        let b: [Float] = [1, 0, 2, 1, 0, 3]
        var c: [Float] = [1, 1, 1, 1]
        // op(A) = Aᵀ of a 3×2 A: [1 3 5; 2 4 6]; op(B) = Bᵀ of a 2×3 B: [1 1; 0 0; 2 3].
        MatrixMultiply.multiply(
            m: 2, n: 2, k: 3, alpha: 2, a: a, lda: 2, transposeA: true, b: b, ldb: 3, transposeB: true,
            beta: 1, c: &c, ldc: 2
        )
        #expect(c == [23, 33, 29, 41])
    }
}
