import Foundation
import NeuralNet
import Tensors

/// A network of the form `shuffle` in Double, as plainly as it can be written.
struct ReferenceStyleNetwork {
    let layout: StyleNetworkLayout
    /// As `StyleNetworkParameters.values`.
    var values: [Double]

    /// Planes of numbers.
    struct Planes {
        var channels: Int
        var height: Int
        var width: Int
        var values: [Double]

        init(_ channels: Int, _ height: Int, _ width: Int, _ value: (Int, Int, Int) -> Double) {
            (self.channels, self.height, self.width) = (channels, height, width)
            values = []
            values.reserveCapacity(channels * height * width)
            for c in 0..<channels { for y in 0..<height { for x in 0..<width { values.append(value(c, y, x)) } } }
        }

        subscript(c: Int, y: Int, x: Int) -> Double { values[(c * height + y) * width + x] }
    }

    private static func mirrored(_ position: Int, _ extent: Int) -> Int {
        guard extent > 1 else { return 0 }
        let period = 2 * (extent - 1)
        let phase = ((position % period) + period) % period
        return min(phase, period - phase)
    }

    private static func unshuffled(_ input: Planes, _ factor: Int, _ height: Int, _ width: Int) -> Planes {
        Planes(input.channels * factor * factor, height, width) { c, y, x in
            let part = c % (factor * factor)
            return input[
                c / (factor * factor), mirrored(y * factor + part / factor, input.height),
                mirrored(x * factor + part % factor, input.width)]
        }
    }

    private func convolved(_ index: Int, _ first: Int, _ input: Planes) -> Planes {
        let convolution = layout.convolutions[index]
        return Planes(convolution.outputs, input.height, input.width) { c, y, x in
            var sum = 0.0
            for i in 0..<convolution.inputs {
                for tap in 0..<9 {
                    let row = Self.mirrored(y + tap / 3 - 1, input.height)
                    let column = Self.mirrored(x + tap % 3 - 1, input.width)
                    sum += values[first + (c * convolution.inputs + i) * 9 + tap] * input[i, row, column]
                }
            }
            return sum
        }
    }

    /// Paints `[C, H, W]`; `[3, H, W]`.
    func paint(_ frame: Tensor, style: Int) -> [Double] {
        paint(frame.values.map(Double.init), height: frame.shape[1], width: frame.shape[2], style: style)
    }

    /// Paints `[C, height, width]`; `[3, height, width]`.
    func paint(_ frame: [Double], height: Int, width: Int, style: Int) -> [Double] {
        let input = Planes(frame.count / (height * width), height, width) { frame[($0 * height + $1) * width + $2] }
        let shared = StyleNetworkParameters.sharedCount(layout)
        var at = 0
        var norm = shared + style * StyleNetworkParameters.styleCount(layout)
        func filtered(_ index: Int, _ input: Planes) -> Planes {
            defer { at += layout.convolutions[index].shape.count }
            return convolved(index, at, input)
        }
        func normalized(_ input: Planes, rectified: Bool) -> Planes {
            let size = input.height * input.width
            let statistics = (0..<input.channels).map { c in
                let plane = input.values[c * size..<(c + 1) * size]
                let mean = plane.reduce(0, +) / Double(size)
                return (mean: mean, variance: plane.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size))
            }
            defer { norm += 2 * input.channels }
            return Planes(input.channels, input.height, input.width) { c, y, x in
                let unit = (input[c, y, x] - statistics[c].mean) / (statistics[c].variance + 1e-5).squareRoot()
                let value = values[norm + c] * unit + values[norm + input.channels + c]
                return rectified ? max(value, 0) : value
            }
        }
        let (rows, columns) = ((height + 3) / 4, (width + 3) / 4)
        var stream = normalized(filtered(0, Self.unshuffled(input, 4, rows, columns)), rectified: true)
        for block in 0..<layout.residualBlocks {
            let inner = normalized(filtered(1 + 2 * block, stream), rectified: true)
            let outer = normalized(filtered(2 + 2 * block, inner), rectified: false)
            stream.values = zip(stream.values, outer.values).map(+)
        }
        let last = layout.convolutions.count - 1
        let enlarged = Planes(stream.channels, 2 * rows, 2 * columns) { stream[$0, $1 / 2, $2 / 2] }
        let up = normalized(filtered(last - 1, enlarged), rectified: true)
        let whole = Self.unshuffled(input, 1, 4 * rows, 4 * columns)
        let channels = layout.convolutions[last].inputs
        // Two pixels further than it is, so that none is below 0; mirrored at the half resolution.
        func place(_ position: Int, _ extent: Int) -> Int {
            2 * Self.mirrored(position / 2 - 1, extent) + position % 2
        }
        return Planes(3, height, width) { c, y, x in
            var sum = values[shared - 3 + c]
            for tap in 0..<25 {
                let row = place(y + tap / 5, 2 * rows), column = place(x + tap % 5, 2 * columns)
                for i in 0..<channels {
                    sum +=
                        values[at + (c * channels + i) * 25 + tap]
                        * (i < up.channels ? up[i, row / 2, column / 2] : max(whole[i - up.channels, row, column], 0))
                }
            }
            let painted = 1 / (1 + exp(-sum))
            guard input.channels == 7 else { return painted }
            return painted * (1 - 0.8 * input[6, y, x]) + 0.8 * input[3 + c, y, x]
        }.values
    }
}
