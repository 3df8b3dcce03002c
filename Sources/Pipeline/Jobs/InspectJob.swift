import NeuralNet
import Stylization
import Tensors

/// Describes a network or another weight file, without running it.
public struct InspectJob: Sendable {
    private let path: String
    private let size: (width: Int, height: Int)?

    /// Asks about a file.
    ///
    /// - Parameters:
    ///   - path: an `.onnx` or `.safetensors` file.
    ///   - size: the frame that costs are told for; nil for the size that the file declares, else 640×360.
    /// - Throws: `.usage` for another kind of file, or a size outside 1…16384.
    public init(path: String, size: (width: Int, height: Int)? = nil) throws {
        guard PaintingNetwork.isONNX(path: path) || path.lowercased().hasSuffix(".safetensors") else {
            throw BrushflowError(.usage, "\(path): neither an .onnx nor a .safetensors file")
        }
        if let size, !(1...16384).contains(size.width) || !(1...16384).contains(size.height) {
            throw BrushflowError(.usage, "--size \(size.width)x\(size.height): expected 1x1…16384x16384")
        }
        self.path = path
        self.size = size
    }

    /// Layers, shapes, parameters, multiply-adds, and everything that is not supported, a line each.
    ///
    /// - Throws: `.input` or `.content` where the file cannot be read.
    public func run() throws -> [String] {
        try ONNXInspector.describe(path: path, size: size.map { ($0.height, $0.width) })
    }
}
