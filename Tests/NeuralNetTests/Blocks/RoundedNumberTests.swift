import CKernels
import Testing

/// Kernels on numbers rounded to bfloat16, at every level alike.
@Suite struct RoundedNumberTests {
    private static let levels = [BF_CPU_REFERENCE, BF_CPU_AMX].filter { bf_kernels_at($0) != nil }

    private static func value(_ number: UInt16) -> Float { Float(bitPattern: UInt32(number) << 16) }

    /// The nearest of all bfloat16, the even one of two, found by comparing; zero for what no product heeds.
    private static func nearest(_ value: Float) -> UInt16 {
        let below = UInt16(value.bitPattern >> 16)
        guard value.isFinite else { return below }
        guard abs(value) >= .leastNormalMagnitude else { return below & 0x8000 }
        let candidates = [below, below &+ 1]
        return candidates.min { first, second in
            let (near, far) = (abs(Self.value(first) - value), abs(Self.value(second) - value))
            return near == far ? first % 2 == 0 : near < far
        } ?? below
    }

    private typealias Halves<Element> = (UnsafePointer<Element>?, UnsafePointer<Element>?)

    /// Lends both halves of three arrays.
    private static func withHalves<Element>(
        _ first: [Element], _ second: [Element], _ third: [Element],
        _ body: (Halves<Element>, Halves<Element>, Halves<Element>) -> Void
    ) {
        func halves(_ all: UnsafeBufferPointer<Element>) -> Halves<Element> {
            (all.baseAddress, all.baseAddress.map { $0 + all.count / 2 })
        }
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                third.withUnsafeBufferPointer { third in body(halves(first), halves(second), halves(third)) }
            }
        }
    }

    @Test(arguments: levels) func pixelsAreRoundedToTheNearest(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 51)
        let kernels = try #require(bf_kernels_at(level)).pointee.blocks
        // Two blocks of 20 pixels.
        var pixels = random.floats(2 * 16 * 20)
        // Exactly between two, to both sides, infinity, −0 and what is less than any normal number.
        let special: [UInt32] = [
            0x3F80_8000, 0x3F81_8000, 0xBF81_8000, 0x3F80_8001, 0x7F80_0000, 0x8000_0000, 0x007F_FFFF, 0x8000_0001,
        ]
        pixels.replaceSubrange(0..<8, with: special.map(Float.init(bitPattern:)))
        pixels[8] = .nan
        // Seven of each block.
        let columns: [Int32] = [0, 3, 3, -1, 19, 7, -1] + [1, -1, 2, 0, 18, 0, 5]
        let count = columns.count / 2
        let scales = random.floats(32), offsets = random.floats(32)
        for (reads, rectify) in [(false, false), (true, false), (true, true)] {
            var found = [UInt16](repeating: 0xABCD, count: count * 32 + 1)
            found.withUnsafeMutableBufferPointer { found in
                Self.withHalves(pixels, scales, offsets) { pixels, scales, offsets in
                    Self.withHalves(columns, columns, columns) { columns, _, _ in
                        var job = bf_rounded_pixels(
                            pixels: pixels, columns: columns, scales: reads ? scales : (nil, nil),
                            offsets: reads ? offsets : (nil, nil), rectify: rectify ? 1 : 0, count: count,
                            target: found.baseAddress)
                        kernels.round_pixels(&job)
                    }
                }
            }
            #expect(found.last == 0xABCD, "what is behind the last was overwritten")
            for index in 0..<count * 32 {
                let (half, channel) = (index / 16 % 2, index % 16)
                let column = Int(columns[half * count + index / 32])
                guard column >= 0 else {
                    #expect(found[index] == 0)
                    continue
                }
                let pixel = pixels[(half * 20 + column) * 16 + channel]
                if pixel.isNaN {
                    #expect(Self.value(found[index]).isNaN || rectify)
                    continue
                }
                guard reads else {
                    #expect(found[index] == Self.nearest(pixel), "\(pixel)")
                    continue
                }
                // Whether the product is rounded before the sum is the compiler's.
                let whole =
                    Double(scales[half * 16 + channel]) * Double(pixel) + Double(offsets[half * 16 + channel])
                let expected = rectify ? max(whole, 0) : whole
                #expect(
                    !pixel.isFinite || abs(Double(Self.value(found[index])) - expected) <= abs(expected) / 255 + 1e-6)
            }
        }
    }

    @Test(arguments: levels, [2, 4]) func linesAreRoundedAsPixels(level: bf_cpu_level, factor: Int) throws {
        var random = LayerRandom(seed: 53)
        let kernels = try #require(bf_kernels_at(level)).pointee.blocks
        let (width, lineCount) = (20, 32 / factor)
        let planes = random.floats(lineCount * width * factor)
        let columns: [Int32] = [0, 3, 3, -1, 19, 7, -1] + [1, -1, 2, 0, 18, 0, 5]
        let count = columns.count / 2
        let absent = lineCount - 2
        var found = [UInt16](repeating: 0xABCD, count: count * 32 + 1)
        found.withUnsafeMutableBufferPointer { found in
            planes.withUnsafeBufferPointer { planes in
                let lines = (0..<lineCount).map { line in
                    line == absent ? nil : planes.baseAddress.map { $0 + line * width * factor }
                }
                lines.withUnsafeBufferPointer { lines in
                    Self.withHalves(columns, columns, columns) { columns, _, _ in
                        var job = bf_rounded_lines(
                            lines: lines.baseAddress, columns: columns, factor: CInt(factor), count: count,
                            target: found.baseAddress)
                        kernels.round_lines(&job)
                    }
                }
            }
        }
        #expect(found.last == 0xABCD, "what is behind the last was overwritten")
        for index in 0..<count * 32 {
            let (half, channel) = (index / 16 % 2, index % 16)
            let (line, column) = ((half * 16 + channel) / factor, Int(columns[half * count + index / 32]))
            guard line != absent, column >= 0 else {
                #expect(found[index] == 0)
                continue
            }
            #expect(found[index] == Self.nearest(planes[(line * width + column) * factor + channel % factor]))
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
