import CKernels
import Foundation
import Testing

/// Every kernel of style networks and their training against its formula in Double, with guards around what it writes.
@Suite struct StyleKernelTests {
    static let levels = [BF_CPU_REFERENCE, BF_CPU_AVX2, BF_CPU_AVX512].filter { bf_kernels_at($0) != nil }
    private static let guardian: Float = -12345.5

    /// What a kernel writes to `count` floats that held `initial`; guards around them are checked.
    private func written(_ initial: [Float], _ call: (UnsafeMutablePointer<Float>) -> Void) throws -> [Float] {
        let edge = [Float](repeating: Self.guardian, count: 16)
        var memory = edge + initial + edge
        try memory.withUnsafeMutableBufferPointer { call(try #require($0.baseAddress) + 16) }
        #expect(memory.prefix(16) == edge[...] && memory.suffix(16) == edge[...])
        return Array(memory[16..<16 + initial.count])
    }

    private func kernels(_ level: bf_cpu_level) throws -> bf_style_kernels {
        try #require(bf_kernels_at(level)).pointee.style
    }

    @Test(arguments: levels) func sigmoid(level: bf_cpu_level) throws {
        let kernels = try kernels(level)
        var random = LayerRandom(seed: 41)
        for count in 0...40 {
            let values = random.floats(count, in: -12...12)
            let found = try written(values) { kernels.sigmoid($0, count) }
            #expect(zip(found, values).allSatisfy { abs(Double($0) - 1 / (1 + exp(-Double($1)))) < 3e-7 })
        }
        let extremes = try written([-1e30, -100, -0.0, 0, 100, 1e30]) { kernels.sigmoid($0, 6) }
        #expect(extremes[2] == 0.5 && extremes[3] == 0.5 && extremes[4] == 1 && extremes[5] == 1)
        #expect(extremes[0] >= 0 && extremes[0] < 1e-30 && extremes[1] < 1e-30)
    }

    /// Also of planes whose last row lies outside: the second line of each is not asked for then.
    @Test(arguments: levels, [false, true]) func shuffle(level: bf_cpu_level, cropped: Bool) throws {
        let kernels = try kernels(level)
        var random = LayerRandom(seed: 45)
        for width in 1...9 {
            let pixels = random.floats((width + 1) / 2 * 16, in: -9...9)
            let found = try written([Float](repeating: 2, count: 6 * width)) { planes in
                let lines = (0..<6).map { cropped && $0 % 2 == 1 ? nil : planes + $0 * width }
                kernels.shuffle(pixels, width, lines)
            }
            for (place, value) in found.enumerated() {
                let (line, x) = (place / width, place % width)
                let channel = line / 2 * 4 + line % 2 * 2 + x % 2
                let expected = 1 / (1 + exp(-Double(pixels[x / 2 * 16 + channel])))
                #expect(cropped && line % 2 == 1 ? value == 2 : abs(Double(value) - expected) < 3e-7)
            }
        }
    }

    /// Also where lines are missing, as beyond the last channel.
    @Test(arguments: levels, [2, 4]) func unshuffle(level: bf_cpu_level, factor: Int) throws {
        let kernels = try kernels(level)
        var random = LayerRandom(seed: 47)
        let lineCount = 16 / factor
        for count in 1...9 {
            let numbers = random.floats(lineCount * count * factor)
            let found = numbers.withUnsafeBufferPointer { numbers in
                let lines = (0..<lineCount).map { line in
                    line % 3 == 2 ? nil : numbers.baseAddress.map { $0 + line * count * factor }
                }
                var pixels = [Float](repeating: 2, count: count * 16)
                kernels.unshuffle(lines, CInt(factor), count, &pixels)
                return pixels
            }
            for (place, value) in found.enumerated() {
                let (pixel, line, part) = (place / 16, place % 16 / factor, place % factor)
                #expect(value == (line % 3 == 2 ? 0 : numbers[line * count * factor + pixel * factor + part]))
            }
        }
    }

    @Test(arguments: levels) func hold(level: bf_cpu_level) throws {
        let kernels = try kernels(level)
        var random = LayerRandom(seed: 46)
        for count in 0...40 {
            let (mask, previous, painted) = (random.floats(count), random.floats(count), random.floats(count))
            let found = try written(painted) { kernels.hold(mask, previous, 0.75, count, $0) }
            for index in 0..<count {
                let expected = painted[index] * (1 - 0.75 * mask[index]) + 0.75 * previous[index]
                #expect(abs(found[index] - expected) < 1e-6)
            }
        }
    }

    @Test(arguments: levels, [false, true]) func normalizationGradient(level: bf_cpu_level, rectify: Bool) throws {
        let kernels = try kernels(level)
        var random = LayerRandom(seed: 42)
        let arrays = (0..<4).map { _ in random.floats(16) }
        let means = random.floats(32)
        for count in 1...23 {
            let (pixels, gradient) = (random.floats(count * 16), random.floats(count * 16))
            func expected(_ index: Int) -> (pull: Double, unit: Double) {
                let (lane, pixel) = (index % 16, pixels[index])
                let y = arrays[0][lane] * pixel + arrays[1][lane]
                let pull = rectify && y <= 0 ? 0 : Double(gradient[index])
                return (pull, Double(arrays[2][lane]) * Double(pixel) + Double(arrays[3][lane]))
            }
            var sums = [Double](repeating: 1, count: 32)
            for index in pixels.indices {
                let (pull, unit) = expected(index)
                sums[index % 16] += pull
                sums[16 + index % 16] += pull * unit
            }
            try arrays[0].withUnsafeBufferPointer { scales in
                try arrays[1].withUnsafeBufferPointer { offsets in
                    try arrays[2].withUnsafeBufferPointer { inverses in
                        try arrays[3].withUnsafeBufferPointer { shifts in
                            var how = bf_normalized(
                                scales: scales.baseAddress, offsets: offsets.baseAddress,
                                inverses: inverses.baseAddress, shifts: shifts.baseAddress, rectify: rectify ? 1 : 0)
                            let found = try written([Float](repeating: 1, count: 32)) {
                                kernels.normalized_sums(&how, pixels, gradient, count, $0)
                            }
                            #expect(zip(found, sums).allSatisfy { abs(Double($0) - $1) < 1e-5 })
                            let pulls = try written(gradient) {
                                kernels.normalized_gradient(&how, pixels, $0, means, count, $0)
                            }
                            for (index, found) in pulls.enumerated() {
                                let ((pull, unit), lane) = (expected(index), index % 16)
                                let wanted =
                                    Double(arrays[0][lane])
                                    * (pull - Double(means[lane]) - unit * Double(means[16 + lane]))
                                #expect(abs(Double(found) - wanted) < 1e-5)
                            }
                        }
                    }
                }
            }
        }
    }

    private static let matrix: [[Double]] = [
        [0.25, 0, 0], [-1.0 / 6, -1.0 / 6, -1.0 / 6], [-1.0 / 6, 1.0 / 6, -1.0 / 6],
        [1.0 / 24, 1.0 / 12, 1.0 / 6], [1.0 / 24, -1.0 / 12, 1.0 / 6], [0, 0, 1],
    ]

    /// A convolution of one tile as Winograd's transforms give it, F(4×4, 3×3) or F(6×6, 3×3), is the sum it stands for.
    @Test(arguments: levels, [4, 6]) func transformsConvolve(level: bf_cpu_level, side: Int) throws {
        let (kernels, blocks) = (try kernels(level), try #require(bf_kernels_at(level)).pointee.blocks)
        var random = LayerRandom(seed: 48)
        let (extent, positions) = (side + 2, (side + 2) * (side + 2))
        let (input, taps) = (random.floats(positions * 16), random.floats(144))
        let filters = try written([Float](repeating: 0, count: positions * 16)) {
            kernels.winograd_filters(taps, CInt(side), (0..<positions).map { $0 * 16 }, $0)
        }
        var products = [Float](repeating: 0, count: positions * 16)
        let table = (0..<extent).map(Int32.init)
        let bias = [Float](repeating: 0, count: 16)
        var output = [Float](repeating: 0, count: side * side * 16)
        input.withUnsafeBufferPointer { pixels in
            table.withUnsafeBufferPointer { table in
                bias.withUnsafeBufferPointer { bias in
                    output.withUnsafeMutableBufferPointer { output in
                        var source = bf_winograd_source(
                            pixels: pixels.baseAddress, width: extent, block_stride: 0, side: CInt(side),
                            tiles_across: 1, rows: table.baseAddress, columns: table.baseAddress, scales: nil,
                            offsets: nil, rectify: 0)
                        blocks.winograd_input(&source, 0, 0, 1, &products, 16)
                        for index in products.indices { products[index] *= filters[index] }
                        var target = bf_winograd_target(
                            pixels: output.baseAddress, width: side, height: side, step: 1, block_stride: 0,
                            side: CInt(side), tiles_across: 1, bias: bias.baseAddress, rectify: 0)
                        blocks.winograd_output(&target, 0, 0, 1, products, 16)
                    }
                }
            }
        }
        for (place, value) in output.enumerated() {
            let (y, x, lane) = (place / 16 / side, place / 16 % side, place % 16)
            let wanted = (0..<9).reduce(0.0) { sum, tap in
                let pixel = input[((y + tap / 3) * extent + x + tap % 3) * 16 + lane]
                return sum + Double(pixel) * Double(taps[tap * 16 + lane])
            }
            #expect(abs(Double(value) - wanted) < (side == 4 ? 1e-5 : 5e-5))
        }
    }

    @Test(arguments: levels) func filterTransforms(level: bf_cpu_level) throws {
        let kernels = try kernels(level)
        var random = LayerRandom(seed: 43)
        let taps = random.floats(144)
        let places = (0..<36).map { (35 - $0) * 16 }
        let transformed = try written([Float](repeating: 0, count: 576)) {
            kernels.winograd_filters(taps, 4, places, $0)
        }
        let sums = random.floats(36 * 16)
        let found = try written([Float](repeating: 0, count: 144)) { kernels.winograd_taps(sums, 16, $0) }
        for lane in 0..<16 {
            for i in 0..<6 {
                for j in 0..<6 {
                    let wanted = (0..<9).reduce(0.0) {
                        $0 + Self.matrix[i][$1 / 3] * Self.matrix[j][$1 % 3] * Double(taps[$1 * 16 + lane])
                    }
                    #expect(abs(Double(transformed[places[i * 6 + j] + lane]) - wanted) < 1e-6)
                }
            }
            for tap in 0..<9 {
                let wanted = (0..<36).reduce(0.0) {
                    $0 + Self.matrix[$1 / 6][tap / 3] * Self.matrix[$1 % 6][tap % 3] * Double(sums[$1 * 16 + lane])
                }
                #expect(abs(Double(found[tap * 16 + lane]) - wanted) < 1e-5)
            }
        }
    }

    /// Through all transforms the gradient of a filter is Σ input · gradient of the output, also where tiles hang over.
    @Test(arguments: levels, [(4, 4), (8, 5), (3, 9), (1, 1)])
    func filterGradients(level: bf_cpu_level, size: (height: Int, width: Int)) throws {
        let style = try kernels(level)
        let blocks = try #require(bf_kernels_at(level)).pointee.blocks
        var random = LayerRandom(seed: 44)
        let (height, width) = size
        let (down, across) = ((height + 3) / 4, (width + 3) / 4)
        let (rows, columns) = (4 * down + 2, 4 * across + 2)
        let input = random.floats(rows * columns * 16)
        let gradient = random.floats(height * width * 16)
        let tiles = down * across
        let (rowTable, columnTable) = ((0..<rows).map(Int32.init), (0..<columns).map(Int32.init))
        var transformed = [Float](repeating: 0, count: 36 * tiles * 16)
        input.withUnsafeBufferPointer { pixels in
            rowTable.withUnsafeBufferPointer { rowTable in
                columnTable.withUnsafeBufferPointer { columnTable in
                    var source = bf_winograd_source(
                        pixels: pixels.baseAddress, width: columns, block_stride: 0, side: 4, tiles_across: across,
                        rows: rowTable.baseAddress, columns: columnTable.baseAddress, scales: nil, offsets: nil,
                        rectify: 0)
                    blocks.winograd_input(&source, 0, 0, tiles, &transformed, tiles * 16)
                }
            }
        }
        let pulls = try written([Float](repeating: 0, count: 36 * tiles * 16)) {
            style.winograd_gradient(gradient, width, height, across, 0, tiles, $0, tiles * 16)
        }
        var sums = [Float](repeating: 0, count: 576)
        for index in transformed.indices {
            sums[index / (tiles * 16) * 16 + index % 16] += transformed[index] * pulls[index]
        }
        let taps = try written([Float](repeating: 0, count: 144)) { style.winograd_taps(sums, 16, $0) }
        for tap in 0..<9 {
            for lane in 0..<16 {
                var wanted = 0.0
                for y in 0..<height {
                    for x in 0..<width {
                        let read = ((y + tap / 3) * columns + x + tap % 3) * 16 + lane
                        wanted += Double(input[read]) * Double(gradient[(y * width + x) * 16 + lane])
                    }
                }
                #expect(abs(Double(taps[tap * 16 + lane]) - wanted) < 2e-4)
            }
        }
    }
}
