import NeuralNet
import Tensors

extension PaintingNetwork {
    /// Whether a file's name says that it holds a published network: `.onnx`.
    package static func isONNX(path: String) -> Bool { path.lowercased().hasSuffix(".onnx") }

    /// Loads a three-channel image-to-image network, an `.onnx` file.
    ///
    /// - Parameters:
    ///   - configuration: what numbers it takes.
    ///   - limits: what the file and what it describes may cost.
    ///   - rows: the threads of the trial that finds the range of its numbers where its graph does not say.
    /// - Throws: `BrushflowError`: `.input` where the file cannot be read, `.content` where it holds no such network, `.usage`
    ///   where a setting does not go with it.
    package static func load(
        onnx path: String, configuration: NetworkConfiguration, limits: ONNXLimits, rows: ParallelRows
    ) throws -> PaintingNetwork {
        guard configuration.style == 0 else {
            throw BrushflowError(
                .usage, "\(path): network.style is \(configuration.style), but an ONNX network has one style, 0")
        }
        return .image(
            try ImageNetworkModel(
                ONNXModel.read(path: path, limits: limits), inputRange: configuration.inputRange, rows: rows))
    }

    /// How the range of its numbers was found; nil where that needs no word.
    package var conventionNote: String? {
        guard case .image(let model) = self else { return nil }
        return model.conventionNote
    }
}
