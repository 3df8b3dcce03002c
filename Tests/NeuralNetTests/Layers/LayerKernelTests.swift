import CKernels
import Testing

@Suite struct LayerKernelTests {
    private static let levels = [BF_CPU_AVX2, BF_CPU_AVX512].filter { bf_kernels_at($0) != nil }
    private let guardian: Float = -12345.5

    /// Runs a kernel that writes `rows` rows of `count` floats; returns them with the guards around.
    private func output(rows: Int, count: Int, _ body: ([UnsafeMutablePointer<Float>]) -> Void) -> [Float] {
        var memory = [Float](repeating: guardian, count: rows * (count + 2) + 2)
        memory.withUnsafeMutableBufferPointer { memory in
            guard let base = memory.baseAddress else { return }
            body((0..<rows).map { base + 2 + $0 * (count + 2) })
        }
        return memory
    }

    @Test(arguments: levels) func everyLoopIsTheReferences(level: bf_cpu_level) throws {
        let reference = try #require(bf_kernels_at(BF_CPU_REFERENCE)).pointee.layers
        let kernels = try #require(bf_kernels_at(level)).pointee.layers
        var random = LayerRandom(seed: 21)
        for count in Array(1...40) + [127, 128, 129] {
            // Few distinct values, so that pooling meets equals.
            let a = random.floats(2 * count).map { ($0 * 4).rounded() }
            let b = random.floats(2 * count).map { ($0 * 4).rounded() }
            let c = random.floats(2 * count)
            func compare(
                _ name: Comment, rows: Int = 1, perRow: Int = 1, tolerance: Float = 0,
                _ call: (bf_layers_kernels, [UnsafeMutablePointer<Float>]) -> Void
            ) {
                let width = perRow * count
                let expected = output(rows: rows, count: width) { call(reference, $0) }
                let found = output(rows: rows, count: width) { call(kernels, $0) }
                #expect(zip(expected, found).allSatisfy { abs($0 - $1) <= tolerance }, name)
                for index in found.indices where index % (width + 2) < 2 {
                    #expect(found[index] == guardian, name)
                }
            }
            compare("affine", tolerance: 1e-6) { $0.affine(c, 1.7, -0.3, $1[0], count) }
            compare("mask") { $0.mask(c, nil, a, $1[0], count) }
            compare("mask with addend") { $0.mask(c, b, a, $1[0], count) }
            compare("sum") { $0.mask(c, b, nil, $1[0], count) }
            compare("copy") { $0.mask(c, nil, nil, $1[0], count) }
            compare("average pool") { $0.average_pool(a, b, $1[0], count) }
            compare("max pool") { $0.max_pool(a, b, $1[0], count) }
            compare("average pool gradient", rows: 2, perRow: 2) { $0.average_pool_gradient(c, $1[0], $1[1], count) }
            compare("max pool gradient", rows: 2, perRow: 2) { $0.max_pool_gradient(c, a, b, $1[0], $1[1], count) }
        }
    }
}
