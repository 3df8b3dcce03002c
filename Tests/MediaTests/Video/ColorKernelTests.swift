import CKernels
import Testing

/// Every level's colour kernels give the reference's bits and write nothing outside their row.
@Suite struct ColorKernelTests {
    static let sizes = [1, 2, 3, 7, 15, 16, 17, 31, 33, 64, 127, 640]
    private static let guardCount = 16

    /// Seeded values in 0..<1.
    private struct Random {
        var state: UInt32
        mutating func next() -> Float {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(state >> 8) / 16_777_216
        }
    }

    private func floats(_ count: Int, seed: UInt32, low: Float = -0.2, high: Float = 1.2) -> [Float] {
        var random = Random(state: seed)
        return (0..<count).map { _ in low + random.next() * (high - low) }
    }

    /// Runs `body` on a guarded row of `count` and returns the row; the guards must be untouched.
    private func row<Value: Equatable>(
        _ count: Int, guarded value: Value, _ body: (UnsafeMutablePointer<Value>) -> Void
    ) throws -> [Value] {
        var values = [Value](repeating: value, count: count + 2 * Self.guardCount)
        try values.withUnsafeMutableBufferPointer { body(try #require($0.baseAddress) + Self.guardCount) }
        #expect(values.prefix(Self.guardCount).allSatisfy { $0 == value })
        #expect(values.suffix(Self.guardCount).allSatisfy { $0 == value })
        return Array(values[Self.guardCount..<Self.guardCount + count])
    }

    /// What every kernel of a level writes for seeded rows of `n`.
    private func outputs(_ kernels: bf_color_kernels, n: Int) throws -> [[Float]] {
        let seed = UInt32(n)
        let bytes = floats(2 * n, seed: seed, low: 0, high: 255.99).map { UInt8($0) }
        let words = floats(2 * n, seed: seed + 1, low: 0, high: 65535.9).map { UInt16($0) }
        let (a, b, c) = (floats(n, seed: seed + 2), floats(n, seed: seed + 3), floats(n, seed: seed + 4))
        let wide = floats(2 * n + 4, seed: seed + 5)
        let matrix = floats(9, seed: seed + 6)
        var results: [[Float]] = []
        try bytes.withUnsafeBufferPointer { samples in
            let base = try #require(samples.baseAddress)
            results.append(
                try row(n, guarded: -7) { kernels.blend_u8(base, base + n, 0.003, 0.001, -0.05, -0.02, 0.9, $0, n) })
        }
        try words.withUnsafeBufferPointer { samples in
            let base = try #require(samples.baseAddress)
            results.append(
                try row(n, guarded: -7) { kernels.blend_u16(base, base + n, 1.2e-5, 3e-6, -0.05, -0.02, 0.9, $0, n) })
        }
        try wide.withUnsafeBufferPointer { values in
            let base = try #require(values.baseAddress) + 1
            results.append(try row(n, guarded: -7) { kernels.upsample(base, 0.75, 0.5, $0, n) })
            results.append(try row(n, guarded: -7) { kernels.downsample(base, [0.25, 0.5, 0.25], $0, n) })
        }
        let planes = try row(3 * n, guarded: -7) {
            kernels.to_rgb(a, b, c, matrix, $0, $0 + n, $0 + 2 * n, n)
        }
        let differences = try row(3 * n, guarded: -7) {
            kernels.from_rgb(a, b, c, matrix, $0, $0 + n, $0 + 2 * n, n)
        }
        results += [planes, differences]
        results.append(try row(n, guarded: -7) { kernels.average(a, b, $0, n) })
        results.append(
            try row(n, guarded: UInt8(9)) { kernels.quantize_u8(a, 219, 16, 255, $0, n) }.map { Float($0) })
        results.append(
            try row(n, guarded: UInt16(9)) { kernels.quantize_u16(a, 876, 64, 1023, $0, n) }.map { Float($0) })
        return results
    }

    @Test(arguments: sizes) func everyLevelGivesTheReferencesBits(n: Int) throws {
        let reference = try outputs(try #require(bf_kernels_at(BF_CPU_REFERENCE)).pointee.color, n: n)
        for level in [BF_CPU_AVX2, BF_CPU_AVX512] {
            guard let table = bf_kernels_at(level) else { continue }
            #expect(try outputs(table.pointee.color, n: n) == reference, "level \(level.rawValue)")
        }
    }

    @Test func quantizingRoundsAndClampsAndTakesNaNAsZero() throws {
        for level in [BF_CPU_REFERENCE, BF_CPU_AVX2, BF_CPU_AVX512] {
            guard let table = bf_kernels_at(level) else { continue }
            let values: [Float] = [0.499, 0.5, 254.5, 254.49, 300, -4, .nan, .infinity]
            let bytes = try row(values.count, guarded: UInt8(7)) {
                table.pointee.color.quantize_u8(values, 1, 0, 255, $0, values.count)
            }
            #expect(bytes == [0, 1, 255, 254, 255, 0, 0, 255])
        }
    }

    /// The matrix to R'G'B' and its inverse cancel.
    @Test func colorsComeBack() throws {
        let kernels = try #require(bf_kernels_at(BF_CPU_REFERENCE)).pointee.color
        let n = 50
        let (r, g, b) = (
            floats(n, seed: 1, low: 0, high: 1), floats(n, seed: 2, low: 0, high: 1),
            floats(n, seed: 3, low: 0, high: 1)
        )
        // BT.709.
        let from: [Float] = [
            0.2126, 0.7152, 0.0722, -0.2126 / 1.8556, -0.7152 / 1.8556, 0.5, 0.5, -0.7152 / 1.5748, -0.0722 / 1.5748,
        ]
        let to: [Float] = [1.5748, -0.0722 * 1.8556 / 0.7152, -0.2126 * 1.5748 / 0.7152, 1.8556]
        let yuv = try row(3 * n, guarded: -7) { kernels.from_rgb(r, g, b, from, $0, $0 + n, $0 + 2 * n, n) }
        let (y, cb, cr) = (Array(yuv[0..<n]), Array(yuv[n..<2 * n]), Array(yuv[2 * n..<3 * n]))
        let rgb = try row(3 * n, guarded: -7) { kernels.to_rgb(y, cb, cr, to, $0, $0 + n, $0 + 2 * n, n) }
        let worst = zip(r + g + b, rgb).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-5)
    }
}
