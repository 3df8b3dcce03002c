import CKernels
import Testing

/// Kernels on numbers rounded to bfloat16, at every level alike.
@Suite struct RoundedNumberTests {
    private static let levels = [BF_CPU_REFERENCE, BF_CPU_AMX].filter { bf_kernels_at($0) != nil }

    private static func value(_ number: UInt16) -> Float { Float(bitPattern: UInt32(number) << 16) }

    /// The nearest of all bfloat16, the even one of two, found by comparing.
    private static func nearest(_ value: Float) -> UInt16 {
        let below = UInt16(value.bitPattern >> 16)
        guard value.isFinite else { return below }
        let candidates = [below, below &+ 1]
        return candidates.min { first, second in
            let (near, far) = (abs(Self.value(first) - value), abs(Self.value(second) - value))
            return near == far ? first % 2 == 0 : near < far
        } ?? below
    }

    @Test(arguments: levels) func pixelsAreRoundedToTheNearest(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 51)
        let kernels = try #require(bf_kernels_at(level)).pointee.blocks
        var pixels = random.floats(16 * 20)
        // Exactly between two, to both sides, and what no sum may make of a whole picture.
        pixels.replaceSubrange(
            0..<6,
            with: [0x3F80_8000, 0x3F81_8000, 0xBF81_8000, 0x3F80_8001, 0x7F80_0000, 0x8000_0000].map(
                Float.init(bitPattern:)))
        pixels[6] = .nan
        let columns: [Int32] = [0, 3, 3, -1, 19, 7, -1]
        let scales = random.floats(16), offsets = random.floats(16)
        for (reads, rectify) in [(false, 0), (true, 0), (true, 1)] {
            let stride = 48
            var found = [UInt16](repeating: 0xABCD, count: columns.count * stride)
            scales.withUnsafeBufferPointer { scales in
                offsets.withUnsafeBufferPointer { offsets in
                    kernels.round_pixels(
                        pixels, columns, columns.count, reads ? scales.baseAddress : nil,
                        reads ? offsets.baseAddress : nil, CInt(rectify), &found, stride)
                }
            }
            for index in found.indices {
                let (place, channel) = (index / stride, index % stride)
                guard channel < 16 else {
                    #expect(found[index] == 0xABCD, "\(index) was overwritten")
                    continue
                }
                let column = Int(columns[place])
                guard column >= 0 else {
                    #expect(found[index] == 0)
                    continue
                }
                let pixel = pixels[column * 16 + channel]
                if pixel.isNaN {
                    #expect(Self.value(found[index]).isNaN || rectify == 1)
                    continue
                }
                guard reads else {
                    #expect(found[index] == Self.nearest(pixel), "\(pixel)")
                    continue
                }
                // Whether the product is rounded before the sum is the compiler's.
                let whole = Double(scales[channel]) * Double(pixel) + Double(offsets[channel])
                let expected = rectify == 1 ? max(whole, 0) : whole
                #expect(
                    !pixel.isFinite || abs(Double(Self.value(found[index])) - expected) <= abs(expected) / 255 + 1e-6)
            }
        }
    }

    @Test(arguments: levels) func products(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 52)
        let kernels = try #require(bf_kernels_at(level)).pointee.blocks
        let guardian: Float = -12345.5
        for pixels in Array(1...40) + [64, 80] {
            let (blocks, count) = (pixels % 5 + 1, pixels % 7 + 1)
            let room = (pixels + 15) / 16 * 16 * 32
            let numbers = random.floats(count * room).map(Self.nearest)
            let filters = random.floats(blocks * count * 512).map(Self.nearest)
            let bias = random.floats(blocks * 16)
            let step = pixels % 2 == 0 ? 16 : 32
            let blockStride = pixels * step + 32
            var found = [Float](repeating: guardian, count: blocks * blockStride)
            found.withUnsafeMutableBufferPointer { found in
                numbers.withUnsafeBufferPointer { numbers in
                    filters.withUnsafeBufferPointer { filters in
                        bias.withUnsafeBufferPointer { bias in
                            let segments = (0..<count).map { segment in
                                numbers.baseAddress.map { $0 + segment * room }
                            }
                            segments.withUnsafeBufferPointer { segments in
                                var product = bf_rounded_product(
                                    segments: segments.baseAddress, segment_count: count, filters: filters.baseAddress,
                                    bias: bias.baseAddress, destination: found.baseAddress, pixel_step: step,
                                    destination_stride: blockStride, blocks: blocks,
                                    pixels: pixels)
                                kernels.rounded_product(&product)
                            }
                        }
                    }
                }
            }
            for index in found.indices {
                let (block, p, c) = (index / blockStride, index % blockStride / step, index % blockStride % step)
                guard p < pixels, c < 16 else {
                    #expect(found[index] == guardian, "\(index) was overwritten")
                    continue
                }
                var expected = Double(bias[block * 16 + c])
                for k in 0..<count * 32 {
                    let filter = filters[(block * count * 32 + k / 2 * 2) * 16 + c * 2 + k % 2]
                    let number = numbers[k / 32 * room + p * 32 + k % 32]
                    expected += Double(Self.value(filter)) * Double(Self.value(number))
                }
                #expect(abs(Double(found[index]) - expected) < 2e-6 * Double(count * 32).squareRoot())
            }
        }
    }
}
