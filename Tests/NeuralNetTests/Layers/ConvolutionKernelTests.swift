import CKernels
import Testing

@Suite struct ConvolutionKernelTests {
    private static let levels = [BF_CPU_AVX2, BF_CPU_AVX512].filter { bf_kernels_at($0) != nil }
    private let guardian: Float = -12345.5

    /// The order of the sums is the reference's; what differs is that an FMA rounds once, in sums of up to 300
    /// products of numbers up to 1.
    private let tolerance: Float = 5e-5

    @Test(arguments: levels) func rowsAreTheReferences(level: bf_cpu_level) throws {
        let reference = try #require(bf_kernels_at(BF_CPU_REFERENCE)).pointee.convolution
        let kernels = try #require(bf_kernels_at(level)).pointee.convolution
        var random = LayerRandom(seed: 11)
        for width in Array(1...40) + [47, 48, 49, 63, 64, 65, 95, 96, 97, 130, 160] {
            let inputs = Int.random(in: 1...33, using: &random)
            let outputs = Int.random(in: 1...8, using: &random)
            // Beyond width + 2 the source is readable but means nothing.
            let stride = (width + 15) / 16 * 16 + 2
            var source = random.floats(inputs * 4 * stride)
            for row in 0..<inputs * 4 {
                for x in width + 2..<max(stride, width + 2) { source[row * stride + x] = .nan }
            }
            let filters = random.floats(inputs * 72)
            let bias = random.floats(8)
            let offsets = [0, 3, 1].map { $0 * stride }
            let rectify = width % 2 == 0 ? 1 : 0
            let destinationStride = width + 5
            func run(_ table: bf_convolution_kernels) -> [Float] {
                var destination = [Float](repeating: guardian, count: 3 + 9 * destinationStride)
                destination.withUnsafeMutableBufferPointer {
                    table.row(
                        source, 4 * stride, offsets, inputs, filters, bias, Int32(rectify),
                        $0.baseAddress.map { $0 + 3 },
                        destinationStride, outputs, width)
                }
                return destination
            }
            let (expected, found) = (run(reference), run(kernels))
            let worst = zip(expected, found).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
            #expect(worst < tolerance, "width \(width), \(inputs) inputs, \(outputs) outputs")
            for index in found.indices {
                let (row, column) = ((index - 3) / destinationStride, (index - 3) % destinationStride)
                let written = index >= 3 && row < outputs && column < width
                if !written { #expect(found[index] == guardian, "width \(width): \(index) was overwritten") }
            }
        }
    }

    @Test(arguments: levels) func columnsAreTheReferences(level: bf_cpu_level) throws {
        let reference = try #require(bf_kernels_at(BF_CPU_REFERENCE)).pointee.convolution
        let kernels = try #require(bf_kernels_at(level)).pointee.convolution
        var random = LayerRandom(seed: 12)
        for inputs in 1...33 {
            let source = random.floats(inputs * 12)
            let filters = random.floats(inputs * 72)
            let offsets = [7, 0, 4]
            func run(_ table: bf_convolution_kernels) -> [Float] {
                var sums = [Float](repeating: guardian, count: 10)
                sums.withUnsafeMutableBufferPointer {
                    table.column(
                        source, 12, offsets, inputs, filters, inputs % 3, $0.baseAddress.map { $0 + 1 })
                }
                return sums
            }
            let (expected, found) = (run(reference), run(kernels))
            #expect(zip(expected, found).allSatisfy { abs($0 - $1) < tolerance }, "\(inputs) inputs")
            #expect(found[0] == guardian && found[9] == guardian)
        }
    }
}
