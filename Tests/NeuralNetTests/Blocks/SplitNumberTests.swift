import CKernels
import Testing

/// Products of split numbers, the sums of three bfloat16: as exact as products of floats, at every level alike.
@Suite struct SplitNumberTests {
    private static let levels = [BF_CPU_REFERENCE, BF_CPU_AMX].filter { bf_kernels_at($0) != nil }

    private static func upper(_ value: Float) -> UInt16 { UInt16(value.bitPattern >> 16) }
    private static func value(_ upper: UInt16) -> Float { Float(bitPattern: UInt32(upper) << 16) }

    /// The three parts of a number.
    private static func parts(_ value: Float) -> [UInt16] {
        let first = upper(value)
        let second = upper(value - Self.value(first))
        return [first, second, upper(value - Self.value(first) - Self.value(second))]
    }

    @Test(arguments: levels) func filtersAreSplitExactly(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 41)
        let kernels = try #require(bf_kernels_at(level)).pointee.blocks
        for depth in [32, 64, 96] {
            let filters = random.floats(depth * 16)
            var packed = [UInt16](repeating: 0xABCD, count: depth * 48 + 16)
            kernels.split_filters(filters, depth, &packed)
            #expect(packed.suffix(16) == [UInt16](repeating: 0xABCD, count: 16)[...])
            for (index, filter) in filters.enumerated() {
                let (k, c) = (index / 16, index % 16)
                let at = k / 32 * 1536 + k % 32 / 2 * 32 + c * 2 + k % 2
                let found = (0..<3).map { packed[at + $0 * 512] }
                #expect(found == Self.parts(filter))
                #expect(found.map(Self.value).reduce(0, +) == filter)
            }
        }
    }

    @Test(arguments: levels) func products(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 42)
        let kernels = try #require(bf_kernels_at(level)).pointee.blocks
        let guardian: Float = -12345.5
        for pixels in Array(1...40) + [64, 80] {
            let (blocks, depth, positions) = (pixels % 5 + 1, 32 * (pixels % 3 + 1), pixels % 2 + 1)
            let room = (pixels + 15) / 16 * 16
            let values = random.floats(positions * depth * pixels)
            let filters = random.floats(positions * blocks * depth * 16)
            let (sourceStride, filterStride) = (depth * pixels + 16, blocks * depth * 48 + 32)
            var source = [Float](repeating: .nan, count: positions * sourceStride)
            var packed = [UInt16](repeating: 0, count: positions * filterStride)
            for position in 0..<positions {
                for k in 0..<depth {
                    for p in 0..<pixels {
                        let at = position * sourceStride + (k / 16 * pixels + p) * 16 + k % 16
                        source[at] = values[(position * depth + k) * pixels + p]
                    }
                }
                for block in 0..<blocks {
                    let first = (position * blocks + block) * depth * 16
                    var one = [UInt16](repeating: 0, count: depth * 48)
                    kernels.split_filters(Array(filters[first..<first + depth * 16]), depth, &one)
                    let at = position * filterStride + block * depth * 48
                    packed.replaceSubrange(at..<at + one.count, with: one)
                }
            }
            let (blockStride, positionStride) = (room * 16 + 16, blocks * (room * 16 + 16) + 16)
            var found = [Float](repeating: guardian, count: positions * positionStride)
            var scratch = [UInt16](repeating: 0x7FC0, count: depth * 96 + 32)
            found.withUnsafeMutableBufferPointer { found in
                source.withUnsafeBufferPointer { source in
                    packed.withUnsafeBufferPointer { packed in
                        scratch.withUnsafeMutableBufferPointer { scratch in
                            var product = bf_split_product(
                                source: source.baseAddress, source_stride: sourceStride, filters: packed.baseAddress,
                                filter_stride: filterStride, destination: found.baseAddress,
                                destination_stride: blockStride, position_stride: positionStride, positions: positions,
                                blocks: blocks, depth: depth, pixels: pixels, scratch: scratch.baseAddress)
                            kernels.split_product(&product)
                        }
                    }
                }
            }
            #expect(scratch.suffix(32).allSatisfy { $0 == 0x7FC0 })
            for index in found.indices {
                let (position, inner) = (index / positionStride, index % positionStride)
                let (block, p, c) = (inner / blockStride, inner % blockStride / 16, inner % 16)
                guard block < blocks, p < room else {
                    #expect(found[index] == guardian, "\(index) was overwritten")
                    continue
                }
                guard p < pixels else { continue }
                var expected = 0.0
                for k in 0..<depth {
                    expected +=
                        Double(values[(position * depth + k) * pixels + p])
                        * Double(filters[((position * blocks + block) * depth + k) * 16 + c])
                }
                #expect(abs(Double(found[index]) - expected) < 2e-6 * Double(depth).squareRoot(), "\(pixels) pixels")
            }
        }
    }
}
