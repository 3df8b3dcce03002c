import NeuralNet
import Tensors

extension PaintingNetwork {
    /// Whether a file's name says that it holds a network: `.onnx` or `.safetensors`.
    package static func isNetwork(path: String) -> Bool { isONNX(path: path) || isSafetensors(path: path) }

    private static func isONNX(path: String) -> Bool { path.lowercased().hasSuffix(".onnx") }

    private static func isSafetensors(path: String) -> Bool { path.lowercased().hasSuffix(".safetensors") }

    /// Loads a network.
    ///
    /// - Parameters:
    ///   - path: an `.onnx` file with a three-channel image-to-image network, or a `.safetensors` file with a `StyleNetwork`.
    ///   - configuration: which of its styles, and what numbers it takes.
    ///   - rows: the threads of the trial that finds the range of an ONNX network's numbers where its graph does not say.
    /// - Throws: `BrushflowError`: `.input` where the file cannot be read, `.content` where it holds no such network, `.usage`
    ///   where a setting does not go with it.
    package static func load(
        path: String, configuration: NetworkConfiguration, rows: ParallelRows
    ) throws -> PaintingNetwork {
        if isONNX(path: path) {
            guard configuration.style == 0 else {
                throw BrushflowError(
                    .usage, "\(path): network.style is \(configuration.style), but an ONNX network has one style, 0")
            }
            return .image(
                try ImageNetworkModel(
                    ONNXModel.read(path: path), inputRange: configuration.inputRange, rows: rows))
        }
        guard configuration.inputRange == nil else {
            throw BrushflowError(
                .usage,
                "\(path): --input-range is for ONNX networks; a safetensors network says its range in its metadata "
                    + "(input_range)")
        }
        let network = try StyleNetwork.load(path: path)
        guard network.styles.indices.contains(configuration.style) else {
            throw BrushflowError(
                .usage,
                "\(path): network.style is \(configuration.style), but the network has \(network.styles.count) "
                    + "styles; give 0…\(network.styles.count - 1)")
        }
        return .style(network, network.styles[configuration.style])
    }

    /// How the range of its numbers was found; nil where that needs no word.
    package var conventionNote: String? {
        guard case .image(let model) = self else { return nil }
        return model.conventionNote
    }
}
