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
    }

    @Test(arguments: sizes) func warps(width: Int, height: Int) {
        var random = SeededGenerator(seed: 42)
        let image = random.floats(3 * width * height, in: 0...1)
        let u = random.floats(width, in: -8...8)
        let v = random.floats(width, in: -8...8)
        let y = height / 2
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

    @Test(arguments: sizes) func reliability(width: Int, height: Int) {
        var random = SeededGenerator(seed: 43)
        let back = random.floats(2 * width * height, in: -2...2)
        let ahead = random.floats(2 * width * height, in: -2...2)
        let rule = (0..<width * height).map { _ in Float(Int.random(in: -1...1, using: &random)) }
        let taps: [Float] = [0.05, 0.2, 0.5, 0.2, 0.05]
        var scratch = [Float](repeating: 0, count: width + 4)
        for y in 0..<height {
            compare(
                { $0.reliability(Int32(height), Int32(width), back, ahead, Int32(y), $1) }, count: width,
                tolerance: 0)
            compare(
                { $0.reliability_blur(Int32(height), Int32(width), rule, taps, Int32(y), &scratch, $1) },
                count: width, tolerance: 1e-6)
        }
    }
}
