import CKernels
import OpticalFlow
import Testing

/// The kernels on whole rows of unpadded planes, each level against the reference.
@Suite struct RowKernelTests {
    private static let sizes = [(1, 1), (2, 3), (7, 5), (16, 4), (17, 9), (33, 6), (101, 3)]

    private func compare(
        _ reference: (bf_flow_kernels, UnsafeMutablePointer<Float>) -> Void, count: Int, tolerance: Float,
        written: Range<Int>? = nil
    ) {
        let written = written ?? 0..<count
        func run(_ kernels: bf_flow_kernels) -> [Float] {
            var buffer = [Float](repeating: 77, count: count + 64)
            buffer.withUnsafeMutableBufferPointer { pointer in
                guard let base = pointer.baseAddress else { return }
                reference(kernels, base + 32)
            }
            #expect(buffer.prefix(32).allSatisfy { $0 == 77 } && buffer.suffix(32).allSatisfy { $0 == 77 })
            let result = Array(buffer.dropFirst(32).prefix(count))
            #expect(result.indices.allSatisfy { written.contains($0) || result[$0] == 77 })
            return Array(result[written])
        }
        let expected = run(referenceKernels())
        for kernels in acceleratedKernels() { #expect(agree(run(kernels), expected, tolerance)) }
    }

    @Test(arguments: sizes) func greyAndHalve(width: Int, height: Int) {
        var random = SeededGenerator(seed: 40)
        let top = random.floats(2 * width, in: -0.2...1.2)
        let middle = random.floats(2 * width, in: -0.2...1.2)
        let bottom = random.floats(2 * width, in: -0.2...1.2)
        compare({ $0.grey(Int32(width), top, middle, bottom, $1) }, count: width, tolerance: 1e-6)
        compare({ $0.halve(Int32(width), top, bottom, $1) }, count: width, tolerance: 1e-6)
    }

    @Test(arguments: sizes, [1, 2, 4]) func enlarge(size: (width: Int, height: Int), factor: Int) {
        let (width, height) = size
        var random = SeededGenerator(seed: 41)
        let plane = random.floats(width * height, in: -9...9)
        let (wide, high) = (width * factor + 1, height * factor)
        compare(
            {
                $0.enlarge(
                    Float(factor), plane, Int32(width), Int32(height), width, $1, Int32(wide), Int32(high / 2),
                    Int32(high), wide)
            }, count: wide * high, tolerance: 1e-4, written: high / 2 * wide..<high * wide)
        var enlarged = [Float](repeating: .nan, count: wide * high)
        referenceKernels().enlarge(
            Float(factor), plane, Int32(width), Int32(height), width, &enlarged, Int32(wide), 0, Int32(high), wide)
        /// The value by definition: bilinear between pixels' centres, the border's beyond them.
        func expected(_ x: Int, _ y: Int) -> Double {
            func sample(_ position: Int, _ extent: Int) -> (low: Int, high: Int, fraction: Double) {
                let place = min(max((Double(position) + 0.5) / Double(factor) - 0.5, 0), Double(extent - 1))
                return (Int(place), min(Int(place) + 1, extent - 1), place - place.rounded(.down))
            }
            let (column, row) = (sample(x, width), sample(y, height))
            func line(_ row: Int) -> Double {
                let (left, right) = (plane[row * width + column.low], plane[row * width + column.high])
                return Double(left) + column.fraction * Double(right - left)
            }
            return Double(factor) * (line(row.low) + row.fraction * (line(row.high) - line(row.low)))
        }
        #expect(enlarged.indices.allSatisfy { abs(Double(enlarged[$0]) - expected($0 % wide, $0 / wide)) < 1e-4 })
    }

    @Test(arguments: sizes) func warps(width: Int, height: Int) {
        var random = SeededGenerator(seed: 42)
        let image = random.floats(3 * width * height, in: 0...1)
        // Neighbours that read anywhere, that read near each other, and that read side by side.
        let flows = [
            (random.floats(width, in: -8...8), random.floats(width, in: -8...8)),
            (random.floats(width, in: -3...3), random.floats(width, in: -2...2)),
            (random.floats(width, in: 1.3...1.4), random.floats(width, in: -0.9 ... -0.8)),
        ]
        let y = height / 2
        for (u, v) in flows {
            for pick in [\bf_flow_kernels.warp_bilinear, \bf_flow_kernels.warp_bicubic] {
                for channels in [1, 3] {
                    let count = channels * width * height
                    func rows(_ kernels: bf_flow_kernels) -> [Float] {
                        var buffer = [Float](repeating: 77, count: count)
                        kernels[keyPath: pick]?(
                            Int32(channels), Int32(height), Int32(width), image, u, v, Int32(y), &buffer)
                        return buffer
                    }
                    let expected = rows(referenceKernels())
                    #expect(expected.indices.allSatisfy { ($0 / width % height == y) != (expected[$0] == 77) })
                    for kernels in acceleratedKernels() { #expect(agree(rows(kernels), expected, 2e-5)) }
                }
            }
        }
    }

    @Test(arguments: sizes) func reliability(width: Int, height: Int) {
        var random = SeededGenerator(seed: 43)
        let back = random.floats(2 * width * height, in: -2...2)
        let ahead = random.floats(2 * width * height, in: -2...2)
        let rule = (0..<width * height).map { _ in Float(Int.random(in: -1...1, using: &random)) }
        let taps: [Float] = [0.05, 0.2, 0.5, 0.2, 0.05]
        var scratch = [Float](repeating: 0, count: width + 4)
        for y in 0..<height {
            compare(
                { $0.reliability(Int32(height), Int32(width), back, ahead, 0.01, Int32(y), $1) }, count: width,
                tolerance: 0)
            compare(
                { $0.reliability_blur(Int32(height), Int32(width), rule, taps, Int32(y), &scratch, $1) },
                count: width, tolerance: 1e-6)
        }
    }

    @Test(arguments: sizes) func doubt(width: Int, height: Int) {
        var random = SeededGenerator(seed: 44)
        // Whole numbers, so that no rounding decides about the limit.
        let rows = (0..<3).map { _ in (0..<width).map { _ in Float(Int.random(in: -20...20, using: &random)) } }
        let rule = (0..<width).map { _ in Float(Int.random(in: -1...1, using: &random)) }
        compare(
            { kernels, out in
                for i in 0..<width { out[i] = rule[i] }
                kernels.doubt(Int32(width), rows[0], rows[1], rows[2], 120.05, out)
            }, count: width, tolerance: 0)
    }

    @Test(arguments: sizes) func oneWay(width: Int, height: Int) {
        var random = SeededGenerator(seed: 49)
        // Quarters, so that no rounding decides about a limit.
        let back = (0..<2 * width * height).map { _ in Float(Int.random(in: -3...3, using: &random)) / 4 }
        let rows = (0..<3).map { _ in (0..<width).map { _ in Float(Int.random(in: -9...9, using: &random)) } }
        var limits = bf_flow_limits(
            boundary: 0.3, variance: 30.05, difference: 4.03, residual_mean: 0.5, crowded_area: 0.9,
            crowded_variance: 12.05)
        for y in 0..<height {
            compare(
                {
                    $0.one_way(
                        Int32(height), Int32(width), back, rows[0], rows[1], rows[2], &limits, Int32(y), $1)
                }, count: width, tolerance: 0)
        }
    }

    @Test(arguments: sizes) func residual(width: Int, height: Int) {
        let planes = (0..<2).map { GuardedPlane(width: width, height: height, in: 0...255, seed: 45 + UInt64($0)) }
        var random = SeededGenerator(seed: 47)
        let u = random.floats(width, in: -8...8)
        let v = random.floats(width, in: -8...8)
        compare(
            {
                $0.residual(
                    Int32(height), Int32(width), planes[0].origin, planes[1].origin, planes[0].stride, u, v,
                    Int32(height / 2), $1)
            }, count: width, tolerance: 2e-5 * 255)
    }

    @Test(arguments: sizes, [2, 4]) func upsample(size: (width: Int, height: Int), factor: Int) {
        let (width, height) = size
        let (wide, high) = (width * factor + 1, height * factor)
        var random = SeededGenerator(seed: 48)
        let flow = random.floats(2 * width * height, in: -9...9)
        let small = random.floats(width * height, in: 0...255)
        let grey = random.floats(wide * high, in: 0...255)
        for y in [0, high / 2, high - 1] {
            compare(
                { kernels, out in
                    flow.withUnsafeBufferPointer { flow in
                        small.withUnsafeBufferPointer { small in
                            grey.withUnsafeBufferPointer { grey in
                                var job = bf_flow_upsampling(
                                    small_width: Int32(width), small_height: Int32(height), width: Int32(wide),
                                    height: Int32(high), factor: Int32(factor), flow: flow.baseAddress,
                                    small: small.baseAddress, small_stride: width, grey: grey.baseAddress,
                                    stride: wide)
                                kernels.upsample(&job, Int32(y), out, out + wide)
                            }
                        }
                    }
                }, count: 2 * wide, tolerance: 1e-4)
        }
    }
}
