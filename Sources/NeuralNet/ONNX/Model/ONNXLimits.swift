/// What an ONNX file may cost, so that a hostile one is refused before memory or time is spent on it.
package struct ONNXLimits: Sendable {
    /// The greatest file that is read, in bytes.
    package var fileBytes = 256 << 20
    /// The most messages and strings (nodes, attributes, tensors, names) in a file.
    package var records = 1 << 20
    /// The most bytes of numbers of variable length in a file: each may become eight bytes.
    package var numberBytes = 32 << 20
    /// The most nodes of a graph.
    package var nodes = 20_000
    /// The highest rank of a tensor.
    package var rank = 8
    /// The most bytes that constants computed beforehand, and the activations held at once, may take, each.
    package var activationBytes = 8 << 30
    /// The most multiply-adds for one frame.
    package var multiplyAdds = 100_000_000_000_000

    /// The limits that the product uses.
    package static let standard = ONNXLimits()

    /// Makes the product's limits.
    package init() {}
}
