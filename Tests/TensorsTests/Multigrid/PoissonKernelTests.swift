import CKernels
import Testing

@Suite struct PoissonKernelTests {
    private static let levels = [BF_CPU_AVX2, BF_CPU_AVX512].filter { bf_kernels_at($0) != nil }
    private static let guardian: Float = -12345.5
    private static let counts = Array(1...40) + [127, 128, 129, 640]

    /// What a kernel writes into `count` floats that hold `before`, with the guards around.
    private func written(
        _ count: Int, over before: [Float], _ body: (UnsafeMutablePointer<Float>) -> Void
    ) -> [Float] {
        var memory = [Self.guardian] + before.prefix(count) + [Self.guardian]
        memory.withUnsafeMutableBufferPointer { memory in
            if let base = memory.baseAddress { body(base + 1) }
        }
        return memory
    }

    private func agree(_ a: [Float], _ b: [Float]) -> Bool {
        a.first == Self.guardian && a.last == Self.guardian
            && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($0)) }
    }

    @Test(arguments: levels) func everyLoopIsTheReferences(level: bf_cpu_level) throws {
        let reference = try #require(bf_kernels_at(BF_CPU_REFERENCE)).pointee.poisson
        let kernels = try #require(bf_kernels_at(level)).pointee.poisson
        var random = SeededFloats(seed: 71)
        for count in Self.counts {
            let x = (0..<4).map { _ in random.values(count) }
            let (q, b) = ((0..<2).map { _ in random.values(count) }, (0..<2).map { _ in random.values(count) })
            let half = (count + 1) / 2
            func relax(_ table: bf_poisson_kernels) -> [Float] {
                written(count, over: x[3]) { table.relax(x[0], x[1], x[2], q[0], b[0], 1.389, $0, count) }
            }
            #expect(agree(relax(kernels), relax(reference)), "relax \(count)")
            func enlarge(_ table: bf_poisson_kernels) -> [Float] {
                written(count, over: x[2]) { table.add_enlarged(x[0], x[1], $0, count) }
            }
            #expect(agree(enlarge(kernels), enlarge(reference)), "add_enlarged \(count)")
            func restrict(_ table: bf_poisson_kernels) -> [Float] {
                (x + q + b).flatMap(\.self).withUnsafeBufferPointer { floats in
                    let rows = (0..<8).map { row in floats.baseAddress.map { $0 + row * count } }
                    return written(half, over: x[0]) {
                        table.restrict_residual(Array(rows[..<4]), Array(rows[4..<6]), Array(rows[6...]), $0, count)
                    }
                }
            }
            #expect(agree(restrict(kernels), restrict(reference)), "restrict_residual \(count)")
        }
    }
}
