import Foundation
import NeuralNet
import Stylization
import Tensors

/// The images, weights and gradients that `Scripts/golden/neural-encoder.py` makes from the same formulas.
enum EncoderFixture {
    static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden")
    static let vgg19 = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../../../../shared/models/vgg19_features_to_conv5_1.safetensors"
    ).standardizedFileURL.path

    /// torchvision's number and the width of every convolution of VGG-19 to conv5_1.
    static let vggLayers = [
        (0, 64), (2, 64), (5, 128), (7, 128), (10, 256), (12, 256), (14, 256), (16, 256), (19, 512), (21, 512),
        (23, 512), (25, 512), (28, 512),
    ]

    static func image(height: Int, width: Int) -> Tensor {
        var values: [Float] = []
        for c in 0..<3 {
            for y in 0..<height {
                for x in 0..<width { values.append(Float((x * 7 + y * 13 + c * 29 + x * y) % 64) / 63) }
            }
        }
        return Tensor([3, height, width], values)
    }

    static func tapGradient(_ tap: Int, shape: Shape) -> Tensor {
        Tensor(shape, (0..<shape.count).map { Float(($0 * 37 + tap * 11) % 101) / 101 - 0.5 })
    }

    /// The tensors of a VGG-19 of hashed weights, as far as the given number of convolutions.
    static func randomVGG(convolutions: Int = 13) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        var inputs = 3
        for (key, outputs) in vggLayers.prefix(convolutions) {
            let scale = Float((24 / Double(9 * inputs)).squareRoot())
            tensors["features.\(key).weight"] = hashed([outputs, inputs, 3, 3], salt: key, scale: scale)
            tensors["features.\(key).bias"] = hashed([outputs], salt: key + 100, scale: 0.25)
            inputs = outputs
        }
        return tensors
    }

    /// Numbers in -0.5..<0.5, multiples of 2⁻²⁴, times `scale`, from a hash of their index.
    private static func hashed(_ shape: Shape, salt: Int, scale: Float) -> Tensor {
        let start = UInt32(truncatingIfNeeded: salt &* 0x9E37_79B9)
        var tensor = Tensor(shape)
        tensor.withMutableFloats { floats in
            for index in floats.indices {
                var h = UInt32(truncatingIfNeeded: index) &+ start
                h = (h ^ (h >> 16)) &* 0x45D9F3B
                h = (h ^ (h >> 16)) &* 0x45D9F3B
                h ^= h >> 16
                floats[index] = (Float(h >> 8) / 0x1p24 - 0.5) * scale
            }
        }
        return tensor
    }
}
