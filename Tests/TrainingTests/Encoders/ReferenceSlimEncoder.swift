import NeuralNet
import Stylization
import Tensors

/// The slim encoder and its loss in Double, as plainly as they can be written.
struct ReferenceSlimEncoder {
    /// By the names of the weight file; shapes and values.
    var tensors: [String: (shape: Shape, values: [Double])]

    private struct Planes {
        let channels: Int
        let height: Int
        let width: Int
        var values: [Double]
    }

    init(_ parameters: SlimEncoderParameters) {
        tensors = parameters.tensors.mapValues { ($0.shape, $0.values.map(Double.init)) }
    }

    private static func mirrored(_ position: Int, _ extent: Int) -> Int {
        position < 0 ? -position : position < extent ? position : 2 * (extent - 1) - position
    }

    private func convolved(_ input: Planes, _ name: String) -> Planes {
        guard let weight = tensors["conv\(name).weight"], let bias = tensors["conv\(name).bias"] else { return input }
        let (height, width, outputs) = (input.height, input.width, weight.shape[0])
        var result: [Double] = []
        for output in 0..<outputs {
            for y in 0..<height {
                for x in 0..<width {
                    var sum = bias.values[output]
                    for tap in 0..<9 {
                        let row = Self.mirrored(y + tap / 3 - 1, height)
                        let from = row * width + Self.mirrored(x + tap % 3 - 1, width)
                        for channel in 0..<input.channels {
                            sum +=
                                weight.values[(output * input.channels + channel) * 9 + tap]
                                * input.values[channel * height * width + from]
                        }
                    }
                    result.append(max(sum, 0))
                }
            }
        }
        return Planes(channels: outputs, height: height, width: width, values: result)
    }

    private func pooled(_ input: Planes) -> Planes {
        let (height, width) = (input.height / 2, input.width / 2)
        let values = (0..<input.channels * height * width).map { index -> Double in
            let (channel, y, x) = (index / (height * width), index / width % height, index % width)
            let first = (channel * input.height + 2 * y) * input.width + 2 * x
            return [0, 1, input.width, input.width + 1].reduce(0) { $0 + input.values[first + $1] / 4 }
        }
        return Planes(channels: input.channels, height: height, width: width, values: values)
    }

    /// The unexplained variances at the four taps.
    func errors(of picture: Tensor, targets: [Tensor], variances: [Double]) -> [Double] {
        var planes = Planes(
            channels: 3, height: picture.shape[1], width: picture.shape[2],
            values: picture.values.map { (Double($0) - 0.45) / 0.25 })
        var errors: [Double] = []
        for step in ["1_1", "1_2", "", "2_1", "2_2", "", "3_1", "3_2", "3_3", "", "4_1"] {
            planes = step.isEmpty ? pooled(planes) : convolved(planes, step)
            guard step.hasSuffix("_1"), let map = tensors["adapter\(errors.count + 1)"] else { continue }
            let (target, positions) = (targets[errors.count].values, planes.height * planes.width)
            var square = 0.0
            for output in 0..<map.shape[0] {
                for position in 0..<positions {
                    var value = -Double(target[output * positions + position])
                    for channel in 0..<planes.channels {
                        value +=
                            map.values[output * planes.channels + channel]
                            * planes.values[channel * positions + position]
                    }
                    square += value * value
                }
            }
            errors.append(square / (Double(target.count) * variances[errors.count]))
        }
        return errors
    }
}
