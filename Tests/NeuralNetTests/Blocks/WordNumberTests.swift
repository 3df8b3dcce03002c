import CKernels
import Testing

/// Products of words, whole numbers of 16 bits: exact but for the rounding of what is multiplied, at every level alike.
@Suite struct WordNumberTests {
    private static let levels = [BF_CPU_REFERENCE, BF_CPU_AVX2].filter { bf_kernels_at($0) != nil }
    private static let greatest = Int(BF_GREATEST_WORD)

    /// The words of filters `[depth][16]`, as `[depth][16]`, and what one of each column stands for.
    private static func unpack(_ packed: [Int16], depth: Int) -> (words: [Int], steps: [Float]) {
        let words = (0..<depth * 16).map { Int(packed[$0 / 32 * 32 + $0 % 16 * 2 + $0 / 16 % 2]) }
        let steps = packed[(depth * 16)...].withUnsafeBytes { bytes in
            (0..<16).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
        return (words, steps)
    }

    @Test(arguments: levels, [16, 48, 112])
    func filtersAreRoundedAndNeverOverflow(level: bf_cpu_level, depth: Int) throws {
        var random = LayerRandom(seed: UInt64(depth))
        let kernels = try #require(bf_kernels_at(level)).pointee.words
        var filters = random.floats(depth * 16)
        for k in 0..<depth {
            filters[k * 16] = 0
            filters[k * 16 + 1] = k == 3 ? -1e20 : 1e-20
            filters[k * 16 + 2] = 0.37
        }
        var packed = [Int16](repeating: 0x1234, count: depth * 16 + 48)
        kernels.filters(filters, depth, &packed)
        #expect(packed.suffix(16) == [Int16](repeating: 0x1234, count: 16)[...])
        let (words, steps) = Self.unpack(packed, depth: depth)
        for c in 0..<16 {
            let column = (0..<depth).map { words[$0 * 16 + c] }
            // The greatest word of a position with each, even where no sign makes up for another.
            #expect(column.reduce(0) { $0 + abs($1) } * Self.greatest <= 1 << 31)
            for k in 0..<depth {
                let error = abs(Double(column[k]) * Double(steps[c]) - Double(filters[k * 16 + c]))
                #expect(error <= 0.5001 * Double(steps[c]), "column \(c)")
            }
        }
        #expect(steps[0] == 0)
        #expect(words[3 * 16 + 1] == -32767)
    }

    @Test(arguments: levels) func valuesAreRoundedInPlace(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 61)
        let kernels = try #require(bf_kernels_at(level)).pointee.words
        let (positions, count, stride) = (5, 48, 64)
        var values = random.floats(positions * stride)
        for index in 0..<count {
            values[stride + index] = 0
            values[2 * stride + index] *= 1e12
        }
        values[3 * stride + 7] = -9
        let given = values
        var steps = [Float](repeating: 77, count: positions + 1)
        kernels.round(&values, stride, positions, count, &steps)
        #expect(steps[positions] == 77)
        for position in 0..<positions {
            let first = position * stride
            let words = values[first..<first + count].withUnsafeBytes { bytes in
                (0..<count).map { Int(bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Int16.self)) }
            }
            #expect(values[first + count / 2..<first + stride] == given[first + count / 2..<first + stride])
            #expect(words.map(abs).max() == (position == 1 ? 0 : Self.greatest))
            for index in 0..<count {
                let error = abs(Double(words[index]) * Double(steps[position]) - Double(given[first + index]))
                #expect(error <= 0.5001 * Double(steps[position]))
            }
        }
        #expect(steps[1] == 0)
    }

    /// At 14 pixels, the greatest sums that there can be.
    @Test(arguments: levels) func productsAreExact(level: bf_cpu_level) throws {
        var random = LayerRandom(seed: 62)
        let kernels = try #require(bf_kernels_at(level)).pointee.words
        let guardian: Float = -12345.5
        for pixels in 1...14 {
            let (blocks, depth, positions) = (pixels % 3 + 1, 16 * (pixels % 4 + 1), 3)
            let greatest = pixels == 14
            let source = random.floats(positions * depth * pixels).map {
                Int16(greatest ? Float(Self.greatest) : $0 * Float(Self.greatest))
            }
            let sourceSteps = random.floats(positions)
            let filterWords = depth * 16 + 32
            var packed = [Int16]()
            for _ in 0..<positions * blocks {
                let filters = greatest ? [Float](repeating: -0.37, count: depth * 16) : random.floats(depth * 16)
                var one = [Int16](repeating: 0, count: filterWords)
                kernels.filters(filters, depth, &one)
                packed += one
            }
            let (blockStride, positionStride) = (pixels * 16 + 16, blocks * (pixels * 16 + 16) + 16)
            var found = [Float](repeating: guardian, count: positions * positionStride)
            found.withUnsafeMutableBufferPointer { found in
                source.withUnsafeBufferPointer { source in
                    packed.withUnsafeBufferPointer { packed in
                        sourceSteps.withUnsafeBufferPointer { steps in
                            var product = bf_word_product(
                                source: source.baseAddress, source_stride: depth * pixels,
                                source_steps: steps.baseAddress, filters: packed.baseAddress,
                                filter_stride: filterWords,
                                destination: found.baseAddress, destination_stride: blockStride,
                                position_stride: positionStride, positions: positions, blocks: blocks, depth: depth,
                                pixels: pixels, zeros: 0b010)
                            kernels.product(&product)
                        }
                    }
                }
            }
            for index in found.indices {
                let (position, inner) = (index / positionStride, index % positionStride)
                let (block, p, c) = (inner / blockStride, inner % blockStride / 16, inner % 16)
                guard block < blocks, p < pixels else {
                    #expect(found[index] == guardian, "\(index) was overwritten")
                    continue
                }
                let first = (position * blocks + block) * filterWords
                let (words, steps) = Self.unpack(Array(packed[first..<first + filterWords]), depth: depth)
                var sum = 0
                for k in 0..<depth {
                    let at = position * depth * pixels + (k / 16 * pixels + p) * 16 + k % 16
                    sum += words[k * 16 + c] * Int(source[at])
                }
                #expect(found[index] == (position == 1 ? 0 : Float(sum) * (steps[c] * sourceSteps[position])))
            }
        }
    }
}
