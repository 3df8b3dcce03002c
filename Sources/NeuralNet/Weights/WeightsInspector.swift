import Foundation
import Tensors

/// Says what a weight file is: a style network, a perceptual encoder, or neither.
enum WeightsInspector {
    /// Lines about what the tensors make up, at a frame size; none where that is nothing known.
    static func describe(_ file: SafetensorsFile, size: (height: Int, width: Int)) -> [String] {
        let isNetwork = ["conv1.weight", "conv1.conv2d.weight", "stem.weight"].contains { file.shape(of: $0) != nil }
        if isNetwork {
            do {
                return describe(try StyleNetwork.load(file), size: size)
            } catch {
                return "\(error)".split(separator: "\n").map { "not usable as a style network: \($0)" }
            }
        }
        return encoder(file, size: size)
    }

    private static func describe(_ network: StyleNetwork, size: (height: Int, width: Int)) -> [String] {
        let layout = network.layout
        let inputs = layout.inputChannels == 3 ? "the frame" : "the frame, the previous output warped, the mask"
        let form = layout.form == .johnson ? "" : "of the form \(layout.form.rawValue), "
        let names = network.names.isEmpty ? "" : ": \(network.names.joined(separator: ", "))"
        return [
            "style network: \(form)\(layout.inputChannels) input channels (\(inputs)), widths \(list(layout.widths, "/")), "
                + "\(layout.residualBlocks) residual blocks, \(layout.styles) \(layout.styles == 1 ? "style" : "styles")\(names)",
            "takes \(network.range.input.rawValue), gives \(network.range.output.rawValue)",
            cost(layout.multiplyAdds(height: size.height, width: size.width), size: size),
        ]
    }

    /// A layer of an encoder.
    private struct Layer {
        let shape: Shape
        /// Pixels from one of its outputs to the next.
        let stride: Int
    }

    private static func encoder(_ file: SafetensorsFile, size: (height: Int, width: Int)) -> [String] {
        let isSlim = file.shape(of: "conv1_1.weight") != nil
        guard isSlim || file.shape(of: "features.0.weight") != nil else { return [] }
        let layers = isSlim ? slimLayers(file) : torchvisionLayers(file)
        let adds = layers.reduce(0.0) { sum, layer in
            let pixels = Double(size.height / layer.stride) * Double(size.width / layer.stride)
            return sum + pixels * Double(layer.shape.count)
        }
        let normalization = file.metadata["normalization"].map { quoted($0) }
        let assumed = isSlim ? "'slim-0.45-0.25' assumed" : "'imagenet-mean-std' assumed"
        let pooling = file.metadata["pooling"].map { quoted($0) } ?? (isSlim ? "average assumed" : "max assumed")
        return [
            "perceptual encoder \(isSlim ? "slim-vgg19" : "vgg19"): \(layers.count) convolutions, widths "
                + list(layers.map { $0.shape[0] }, "/"),
            "normalisation \(normalization ?? assumed), pooling \(pooling), takes RGB 0..1",
            cost(adds, size: size),
        ]
    }

    private static func filters(_ file: SafetensorsFile, _ key: String, stride: Int) -> Layer? {
        guard let shape = file.shape(of: "\(key).weight"), shape.rank == 4 else { return nil }
        return Layer(shape: shape, stride: stride)
    }

    /// `conv1_1` … : the first number tells how often was pooled.
    private static func slimLayers(_ file: SafetensorsFile) -> [Layer] {
        (1...5).flatMap { block in
            (1...4).compactMap { filters(file, "conv\(block)_\($0)", stride: 1 << (block - 1)) }
        }
    }

    /// `features.0`, `features.2`, …, as torchvision numbers convolutions, ReLUs and poolings of VGG-19.
    private static func torchvisionLayers(_ file: SafetensorsFile) -> [Layer] {
        let first = [0, 5, 10, 19, 28]
        return first.indices.flatMap { block in
            (0..<4).compactMap { number in
                block > 1 || number < 2
                    ? filters(file, "features.\(first[block] + 2 * number)", stride: 1 << block) : nil
            }
        }
    }

    private static func cost(_ adds: Double, size: (height: Int, width: Int)) -> String {
        String(format: "%.2f GMAC for a frame of %d×%d", adds / 1e9, size.width, size.height)
    }

    private static func list(_ values: [Int], _ separator: String) -> String {
        values.map(String.init).joined(separator: separator)
    }
}
