/// How a value of a plan lies in memory.
enum ONNXLayout: Sendable {
    /// Row-major, as ONNX has it.
    case planes
    /// Blocks of 16 channels, for `[1, C, H, W]`: see `BlockTensor`.
    case blocks
}
