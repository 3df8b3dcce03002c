import CKernels
import Testing

/// Every kernel on blocks of 16 channels against the plain C reference, with guards around what it writes.
@Suite struct BlockKernelTests {
    static let levels = [BF_CPU_AVX2, BF_CPU_AVX512].filter { bf_kernels_at($0) != nil }
    private let guardian: Float = -12345.5

    /// Runs a kernel that may write `written(index)` of `count` floats, on both levels, and compares.
    private func compare(
        _ level: bf_cpu_level, count: Int, tolerance: Float, _ name: Comment, initial: [Float]? = nil,
        written: (Int) -> Bool = { _ in true },
        _ call: (bf_blocks_kernels, UnsafeMutablePointer<Float>) -> Void
    ) throws {
        func run(_ table: bf_blocks_kernels) throws -> [Float] {
            let inner = initial ?? Array(repeating: guardian, count: count)
            let edge = Array(repeating: guardian, count: 16)
            var memory = edge + inner + edge
            try memory.withUnsafeMutableBufferPointer { call(table, try #require($0.baseAddress) + 16) }
            return memory
        }
        let expected = try run(#require(bf_kernels_at(BF_CPU_REFERENCE)).pointee.blocks)
        let found = try run(#require(bf_kernels_at(level)).pointee.blocks)
        let scale = expected.filter { $0 != guardian }.map(abs).reduce(1, max)
        let worst = zip(expected, found).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
        #expect(worst <= tolerance * scale, "\(name)")
        for index in found.indices where index < 16 || index >= count + 16 || !written(index - 16) {
            #expect(
                found[index]
                    == (initial.map { index >= 16 && index < count + 16 ? $0[index - 16] : guardian } ?? guardian),
                "\(name): \(index - 16) was overwritten")
        }
    }

    @Test(arguments: levels) func products(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 31)
        for pixels in 1...40 {
            for stride in [3, 7, 16, 32, 5] {
                let blocks = Int.random(in: 1...4, using: &random)
                let segments = Int.random(in: 1...5, using: &random)
                let length = Int.random(in: 1...33, using: &random)
                let sources = (0..<segments).map { _ in random.floats((pixels - 1) * stride + length) }
                let filters = random.floats(blocks * segments * length * 16)
                let bias = random.floats(blocks * 16)
                let destinationStride = pixels * 16 + 16
                let all = sources.flatMap { $0 }
                try all.withUnsafeBufferPointer { all in
                    let base = try #require(all.baseAddress)
                    let pointers = (0..<segments).map { Optional(base + $0 * ((pixels - 1) * stride + length)) }
                    try compare(
                        level, count: blocks * destinationStride, tolerance: 2e-6,
                        "\(pixels) pixels, \(stride) apart, \(blocks) blocks, \(segments) × \(length)",
                        written: { $0 % destinationStride < pixels * 16 }
                    ) {
                        $0.product(
                            pointers, segments, length, stride, filters, segments * length * 16,
                            pixels % 2 == 0 ? bias : nil, $1, destinationStride, blocks, pixels)
                    }
                }
            }
        }
    }

    @Test(arguments: levels) func outerProducts(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 34)
        for count in Array(1...40) + [127, 128, 129, 300] {
            let blocks = count % 5 + 1
            let stride = count % 2 == 0 ? 16 : 32
            let left = random.floats(count * stride)
            let right = random.floats(blocks * (count + 1) * 16)
            for fresh in [0, 1] as [Int32] {
                try compare(
                    level, count: blocks * 256, tolerance: 2e-6, "\(blocks) blocks of \(count)",
                    initial: random.floats(blocks * 256)
                ) {
                    $0.outer(left, stride, right, (count + 1) * 16, blocks, count, fresh, $1)
                }
            }
        }
    }

    @Test(arguments: levels, [4, 6]) func winogradTransforms(level: bf_cpu_level, side: Int) throws {
        let positions = (side + 2) * (side + 2)
        var random = LayerRandom(seed: 32)
        for size in 1...40 {
            let (width, height) = (size, Int.random(in: 1...40, using: &random))
            let (across, down) = ((width + side - 1) / side, (height + side - 1) / side)
            let pixels = random.floats(2 * width * height * 16)
            func table(_ count: Int, _ extent: Int) -> [Int32] {
                (0..<count).map { _ in Int32.random(in: (size % 3 == 0 ? -1 : 0)..<Int32(extent), using: &random) }
            }
            let (rows, columns) = (table(down * side + 2, height), table(across * side + 2, width))
            let (scales, offsets) = (random.floats(32), random.floats(32))
            let first = Int.random(in: 0..<across * down, using: &random)
            let tiles = across * down - first
            let stride = tiles * 16 + 16
            try compare(
                level, count: positions * stride, tolerance: side == 4 ? 1e-5 : 3e-5, "input of \(width)×\(height)",
                written: { $0 % stride < tiles * 16 }
            ) { kernels, transformed in
                pixels.withUnsafeBufferPointer { pixels in
                    rows.withUnsafeBufferPointer { rows in
                        columns.withUnsafeBufferPointer { columns in
                            scales.withUnsafeBufferPointer { scales in
                                offsets.withUnsafeBufferPointer { offsets in
                                    var source = bf_winograd_source(
                                        pixels: pixels.baseAddress, width: width, block_stride: width * height * 16,
                                        side: CInt(side), tiles_across: across, rows: rows.baseAddress,
                                        columns: columns.baseAddress,
                                        scales: size % 4 < 2 ? scales.baseAddress : nil, offsets: offsets.baseAddress,
                                        rectify: Int32(size % 2))
                                    kernels.winograd_input(&source, 1, first, tiles, transformed, stride)
                                }
                            }
                        }
                    }
                }
            }
            let products = random.floats(positions * stride)
            let bias = random.floats(32)
            for step in 1...2 {
                let plane = width * height * step * step * 16
                try compare(
                    level, count: 2 * plane, tolerance: side == 4 ? 1e-5 : 3e-5, "output of \(width)×\(height)",
                    written: { index in
                        let (y, x) = (index % plane / 16 / (width * step), index / 16 % (width * step))
                        return index >= plane && y % step == 0 && x % step == 0
                            && y / step / side * across + x / step / side >= first
                    }
                ) { kernels, pixels in
                    bias.withUnsafeBufferPointer { bias in
                        var target = bf_winograd_target(
                            pixels: pixels, width: width, height: height, step: CInt(step), block_stride: plane,
                            side: CInt(side), tiles_across: across, bias: bias.baseAddress, rectify: Int32(size % 2))
                        kernels.winograd_output(&target, 1, first, tiles, products, stride)
                    }
                }
            }
        }
    }

    @Test(arguments: levels) func pointwiseLoops(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 33)
        for count in 1...40 {
            let pixels = random.floats(count * 32).map { ($0 * 4).rounded() }
            let others = random.floats(count * 32).map { ($0 * 4).rounded() }
            let (scales, offsets) = (random.floats(16), random.floats(16))
            let moments = random.floats(48)
            try compare(level, count: 48, tolerance: 1e-5, "moments of \(count)", initial: moments) { kernels, memory in
                memory.withMemoryRebound(to: bf_moments.self, capacity: 1) { kernels.moments(pixels, count, $0) }
            }
            for (rectify, addend) in [(0, nil), (1, nil), (1, others)] as [(Int32, [Float]?)] {
                try compare(level, count: count * 16, tolerance: 1e-6, "normalisation of \(count)") {
                    $0.normalize(pixels, scales, offsets, rectify, addend, $1, count)
                }
            }
            let channels = count % 16 + 1
            try compare(level, count: count * 16, tolerance: 0, "gathering \(channels) × \(count)") {
                $0.gather(others, count + 1, channels, $1, count)
            }
            try compare(
                level, count: channels * (count + 1), tolerance: 0, "scattering \(channels) × \(count)",
                written: { $0 % (count + 1) < count }
            ) { $0.scatter(pixels, $1, count + 1, channels, count) }
            for greatest in [0, 1] as [Int32] {
                try compare(level, count: count * 16, tolerance: 0, "pooling \(count)") {
                    $0.pool(pixels, others, greatest, $1, count)
                }
                for rectified in [0, 1] as [Int32] {
                    try compare(level, count: count * 64, tolerance: 0, "gradient of pooling \(count)") {
                        $0.pool_gradient(pixels, pixels, others, greatest, rectified, $1, $1 + count * 32, count)
                    }
                }
            }
            let (taps, outputs) = (count % 9 + 1, count % 4 + 1)
            let blocks = (taps + 16 / outputs - 1) / (16 / outputs)
            let products = random.floats(blocks * (count + taps - 1) * 16 + 16)
            try compare(
                level, count: outputs * (count + 1), tolerance: 1e-6, "folding \(taps) taps of \(outputs) × \(count)",
                written: { $0 % (count + 1) < count }
            ) {
                $0.fold(products, (count + taps - 1) * 16, taps, outputs, offsets, $1, count + 1, count)
            }
        }
    }
}
