/// What an ONNX file may cost, so that a hostile one is refused before memory or time is spent on it.
package struct ONNXLimits: Sendable {
    /// The greatest file that is read, in bytes.
    package var fileBytes: Int
    /// The most messages and strings (nodes, attributes, tensors, names) in a file.
    package var records = 1 << 20
    /// The most bytes of numbers of variable length in a file: each may become eight bytes.
    package var numberBytes = 32 << 20
    /// The most nodes of a graph.
    package var nodes = 20_000
    /// The highest rank of a tensor.
    package var rank = 8
    /// The most bytes that one tensor, and constants computed beforehand, may take.
    package var activationBytes: Int
    /// The most bytes of packed filters and index tables at one frame size.
    package var keptBytes: Int
    /// The most multiply-adds for one frame.
    package var multiplyAdds = 100_000_000_000_000

    /// The limits that the product uses.
    package static let standard = ONNXLimits()

    /// Makes the limits that go with files of weights of at most `tensorBytes` (`limits.tensorBytes`): a file is held a few
    /// times over while it is read, and activations are larger than weights.
    package init(tensorBytes: Int = TensorBytesLimit.usual) {
        fileBytes = tensorBytes / 4
        keptBytes = tensorBytes
        activationBytes = tensorBytes * 8
    }

    /// The most bytes that activations of a frame of `pixels` may take at once: 256 MiB and 16 KiB a pixel (the networks
    /// that people use take less than 1 KiB), never more than `activationBytes`.
    func activationBytes(pixels: Int) -> Int { min(activationBytes, (256 << 20) + (16 << 10) * pixels) }

    /// The most multiply-adds for a frame of `pixels`: four thousand million and four million a pixel (the networks that
    /// people use take less than a tenth of that), never more than `multiplyAdds`.
    func multiplyAdds(pixels: Int) -> Int { min(multiplyAdds, 4_000_000_000 + 4_000_000 * pixels) }
}
