import Foundation

/// The weights of one axis of a resampling: output i is Σ_k weights[i][k] · input[starts[i] + k].
struct ResamplerTaps: Sendable {
    /// The first input of every output.
    let starts: [Int]
    /// Weights per output.
    let width: Int
    /// `[outputs, width]`; each row sums to 1, unused places at its end are 0.
    let weights: [Float]

    /// The weights that take `input` samples to `output` samples, pixel centres at half-integers.
    ///
    /// Going down, the filter is stretched by the ratio, so that nothing aliases. At the border the taps
    /// outside are left out and the others scaled up.
    init(input: Int, output: Int, filter: Resampler.Filter) {
        let ratio = Double(input) / Double(output)
        let stretch = max(ratio, 1)
        let support = filter.support * stretch
        var starts: [Int] = []
        var rows: [[Double]] = []
        for index in 0..<output {
            let center = (Double(index) + 0.5) * ratio
            let low = max(0, Int((center - support).rounded(.down)))
            let high = min(input, Int((center + support).rounded(.up)))
            var row = (low..<high).map { filter.weight(Double($0) + 0.5 - center, ratio: ratio) }
            let total = row.reduce(0, +)
            row = row.map { $0 / total }
            let skipped = row.prefix { $0 == 0 }.count
            starts.append(low + skipped)
            rows.append(Array(row[skipped...]))
        }
        let width = rows.map(\.count).max() ?? 1
        self.width = width
        self.starts = zip(starts, rows).map { start, _ in min(start, max(0, input - width)) }
        var weights = [Float](repeating: 0, count: output * width)
        for index in 0..<output {
            let shift = starts[index] - self.starts[index]
            for (k, weight) in rows[index].enumerated() where shift + k < width {
                weights[index * width + shift + k] = Float(weight)
            }
        }
        self.weights = weights
    }
}

extension Resampler.Filter {
    /// Half the filter's width, in input pixels at ratio 1.
    fileprivate var support: Double {
        switch self {
        case .area: 0.5
        case .bilinear: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    /// The unnormalised weight of an input `distance` pixels from the output's centre.
    fileprivate func weight(_ distance: Double, ratio: Double) -> Double {
        let x = abs(distance) / max(ratio, 1)
        switch self {
        case .area:
            let half = max(ratio, 1) / 2
            return max(0, min(distance + 0.5, half) - max(distance - 0.5, -half))
        case .bilinear:
            return max(0, 1 - x)
        case .bicubic:
            if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
            return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
        case .lanczos:
            if x == 0 { return 1 }
            return x < 3 ? 3 * sin(.pi * x) * sin(.pi * x / 3) / (.pi * .pi * x * x) : 0
        }
    }
}
