import NeuralNet
import OpticalFlow
import Stylization
import Tensors
import Testing

/// Every loss's gradient against central differences of the same loss written out in Double.
@Suite struct LossGradientTests {
    private let rows = ParallelRows(threads: 2)

    /// Compares at every `step`th element; `reference` is the loss in Double.
    private func check(
        _ gradient: Tensor, at point: Tensor, weight: Double, step: Int = 1, reference: ([Double]) -> Double
    ) {
        var values = point.values.map { Double($0) }
        let scale = Double(gradient.values.map { abs($0) }.max() ?? 0)
        #expect(scale > 0)
        for index in stride(from: 0, to: values.count, by: step) {
            let kept = values[index]
            values[index] = kept + 1e-4
            let above = reference(values)
            values[index] = kept - 1e-4
            let below = reference(values)
            values[index] = kept
            let expected = weight * (above - below) / 2e-4
            let error = abs(Double(gradient.values[index]) - expected)
            #expect(error < 1e-4 * scale, "element \(index): \(gradient.values[index]) for \(expected)")
        }
    }

    @Test func totalVariation() {
        var seeded = SeededValues(1)
        let image = seeded.tensor([3, 5, 7])
        var gradient = Tensor(image.shape)
        let value = TotalVariationLoss().evaluate(image, weight: 3, addingTo: &gradient, rows: rows)
        let reference = { (x: [Double]) -> Double in
            var sum = 0.0
            for c in 0..<3 {
                for y in 0..<5 {
                    for i in 0..<7 {
                        let at = (c * 5 + y) * 7 + i
                        if i < 6 { sum += (x[at + 1] - x[at]) * (x[at + 1] - x[at]) }
                        if y < 4 { sum += (x[at + 7] - x[at]) * (x[at + 7] - x[at]) }
                    }
                }
            }
            return sum / 105
        }
        #expect(abs(value - reference(image.values.map { Double($0) })) < 1e-6)
        check(gradient, at: image, weight: 3, reference: reference)
    }

    @Test func temporal() {
        var seeded = SeededValues(2)
        let (image, warped, mask) = (seeded.tensor([3, 4, 6]), seeded.tensor([3, 4, 6]), seeded.tensor([1, 4, 6]))
        var gradient = Tensor(image.shape)
        let loss = TemporalLoss(warped: warped, reliability: ReliabilityMask(mask))
        _ = loss.evaluate(image, weight: 5, addingTo: &gradient, rows: rows)
        let (w, c) = (warped.values, mask.values)
        check(gradient, at: image, weight: 5) { x in
            x.indices.reduce(0.0) { sum, i in
                let difference = x[i] - Double(w[i])
                return sum + Double(c[i % 24]) * difference * difference
            } / 72
        }
    }

    /// A symmetric positive definite `[channels, channels]`.
    private func metric(_ channels: Int, _ seeded: inout SeededValues) -> Tensor {
        let a = seeded.tensor([channels, channels]).values
        var m = [Float](repeating: 0, count: channels * channels)
        for i in 0..<channels {
            for j in 0..<channels {
                for k in 0..<channels { m[i * channels + j] += a[k * channels + i] * a[k * channels + j] }
            }
        }
        return Tensor([channels, channels], m)
    }

    @Test(arguments: [false, true]) func content(measured: Bool) throws {
        var seeded = SeededValues(3)
        let (features, target) = (seeded.tensor([5, 3, 4]), seeded.tensor([5, 3, 4]))
        let matrix = measured ? metric(5, &seeded) : nil
        var gradient: BlockTensor?
        let loss = ContentLoss(target: target.blocks, metric: FeatureMetric(matrix, channels: 5), rows: rows)
        _ = loss.evaluate(features.blocks, weight: 1, addingTo: &gradient, rows: rows)
        _ = loss.evaluate(features.blocks, weight: 1, addingTo: &gradient, rows: rows)
        let t = target.values.map { Double($0) }
        let m = matrix?.values.map { Double($0) }
        func energy(_ d: [Double]) -> Double {
            var sum = 0.0
            for p in 0..<12 {
                for i in 0..<5 {
                    for j in 0..<5 { sum += d[i * 12 + p] * d[j * 12 + p] * (m?[i * 5 + j] ?? (i == j ? 1 : 0)) }
                }
            }
            return sum
        }
        check(try #require(gradient?.planes), at: features, weight: 2) { x in
            energy(zip(x, t).map { $0 - $1 }) / energy(t)
        }
    }

    @Test(arguments: StyleStatistics.allCases, [false, true]) func style(kind: StyleStatistics, measured: Bool) throws {
        var seeded = SeededValues(4)
        let (features, painting) = (seeded.tensor([4, 5, 6]), seeded.tensor([4, 7, 3]))
        let matrix = measured ? metric(4, &seeded) : nil
        let target = FeatureStatistics(painting.blocks, kind: kind, rows: rows)
        var gradient: BlockTensor?
        let loss = StyleLoss(target: target, metric: FeatureMetric(matrix, channels: 4))
        let value = loss.evaluate(features.blocks, weight: 1.5, addingTo: &gradient, rows: rows)
        _ = loss.evaluate(features.blocks, weight: 0.5, addingTo: &gradient, rows: rows)
        let m = matrix?.values.map { Double($0) }
        let reference = StyleReference(channels: 4, kind: kind, metric: m)
        let t = reference.statistics(painting.values.map { Double($0) })
        let at = { (x: [Double]) in
            reference.energy(zip(reference.statistics(x), t).map { $0 - $1 }) / reference.energy(t)
        }
        #expect(abs(value - at(features.values.map { Double($0) })) < 1e-5 * value)
        check(try #require(gradient?.planes), at: features, weight: 2, reference: at)
    }
}

/// Style statistics and their energy in plain Double loops.
private struct StyleReference {
    let channels: Int
    let kind: StyleStatistics
    let metric: [Double]?

    private func m(_ i: Int, _ j: Int) -> Double { metric?[i * channels + j] ?? (i == j ? 1 : 0) }

    func statistics(_ x: [Double]) -> [Double] {
        let n = x.count / channels
        let means = (0..<channels).map { c in (0..<n).reduce(0.0) { $0 + x[c * n + $1] } / Double(n) }
        let centre = kind == .gram ? [Double](repeating: 0, count: channels) : means
        func product(_ i: Int, _ j: Int) -> Double {
            (0..<n).reduce(0.0) { $0 + (x[i * n + $1] - centre[i]) * (x[j * n + $1] - centre[j]) }
        }
        if kind == .moments {
            return means + (0..<channels).map { (product($0, $0) / Double(n) + 1e-8).squareRoot() }
        }
        return (0..<channels * channels).map { product($0 / channels, $0 % channels) / Double(channels * n) }
    }

    func energy(_ d: [Double]) -> Double {
        var sum = 0.0
        if kind == .moments {
            for i in 0..<channels {
                sum += m(i, i) * d[channels + i] * d[channels + i]
                for j in 0..<channels { sum += d[i] * m(i, j) * d[j] }
            }
            return sum
        }
        for i in 0..<channels {
            for j in 0..<channels {
                for k in 0..<channels {
                    for l in 0..<channels { sum += m(i, j) * d[j * channels + k] * m(k, l) * d[l * channels + i] }
                }
            }
        }
        return sum
    }
}
