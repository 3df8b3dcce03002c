import Foundation
import Tensors
import Testing

@Suite struct ResamplerTests {
    private struct Case: Decodable {
        let filter: String
        let input: [Float]
        let output: [Float]
        let size: [Int]
    }

    private static func cases() throws -> [Case] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Golden/resampler.json"))
        return try JSONDecoder().decode([Case].self, from: data)
    }

    /// Pillow's filters and OpenCV's INTER_AREA, both in Float32 arithmetic: a few units in the last place.
    @Test func agreesWithPillowAndOpenCV() throws {
        let names: [String: Resampler.Filter] = [
            "area": .area, "bilinear": .bilinear, "bicubic": .bicubic, "lanczos": .lanczos,
        ]
        for test in try Self.cases() {
            let filter = try #require(names[test.filter])
            let (h, w, oh, ow) = (test.size[0], test.size[1], test.size[2], test.size[3])
            let resampler = Resampler(inputHeight: h, inputWidth: w, height: oh, width: ow, filter: filter)
            let result = resampler.resample(Tensor([1, h, w], test.input), rows: ParallelRows(threads: 1))
            let worst = zip(result.values, test.output).map { abs($0 - $1) }.max() ?? 1
            #expect(result.shape == [1, oh, ow])
            #expect(worst < 2e-6, "\(test.filter) \(test.size): \(worst)")
        }
    }

    @Test func keepsAConstantForEveryFilterAndSize() {
        for filter in Resampler.Filter.allCases {
            for (from, to) in [(1, 1), (1, 5), (7, 1), (9, 4), (4, 9)] {
                let resampler = Resampler(inputHeight: from, inputWidth: to, height: to, width: from, filter: filter)
                let result = resampler.resample(
                    Tensor([2, from, to], filledWith: 0.25), rows: ParallelRows(threads: 2))
                #expect(result.values.allSatisfy { abs($0 - 0.25) < 1e-6 }, "\(filter) \(from) to \(to)")
            }
        }
    }

    @Test func givesTheSameBitsForAnyNumberOfThreads() {
        var generator = SystemIndependent(state: 7)
        let image = Tensor([3, 61, 83], (0..<3 * 61 * 83).map { _ in generator.next() })
        let resampler = Resampler(inputHeight: 61, inputWidth: 83, height: 97, width: 40, filter: .bicubic)
        let one = resampler.resample(image, rows: ParallelRows(threads: 1))
        let two = resampler.resample(image, rows: ParallelRows(threads: 2))
        #expect(one == two)
    }

    /// A linear congruential generator of values 0…1.
    private struct SystemIndependent {
        var state: UInt64
        mutating func next() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24)
        }
    }
}
