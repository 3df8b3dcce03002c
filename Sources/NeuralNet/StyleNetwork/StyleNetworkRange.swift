import CKernels
import Tensors

/// What numbers a style network takes and gives for colours 0…1: the metadata `input_range` and `output_range` of its
/// weight file.
package struct StyleNetworkRange: Sendable, Equatable {
    /// What a colour 0…1 is multiplied by before it goes in.
    package enum Input: String, Sendable, CaseIterable {
        /// Colours go in as they are.
        case unit = "0..1"
        /// Times 255, as PyTorch's examples have it.
        case bytes = "0..255"
    }

    /// What becomes of the last convolution's output.
    package enum Output: String, Sendable, CaseIterable {
        /// It is the colour.
        case unit = "0..1"
        /// It is the colour times 255.
        case bytes = "0..255"
        /// The colour is 1 / (1 + e⁻ˣ).
        case sigmoid
        /// The colour is (tanh x + 1) / 2.
        case tanh
    }

    package let input: Input
    package let output: Output

    /// Names both ranges.
    package init(input: Input, output: Output) {
        self.input = input
        self.output = output
    }
}

extension StyleNetworkRange.Output {
    /// Turns the last convolution's output into colours 0…1; the factor of `bytes` is in its filters.
    func finish(_ planes: inout Tensor, in workspace: Workspace) {
        let count = planes.count
        let sigmoid = bf_kernels_current().pointee.style.sigmoid
        planes.withMutableFloats { floats in
            nonisolated(unsafe) let floats = floats
            workspace.rows.run(rows: count, grain: 1 << 15) { _, range in
                switch self {
                case .unit, .bytes:
                    for index in range { floats[index] = min(max(floats[index], 0), 1) }
                case .sigmoid:
                    sigmoid?(floats.baseAddress.map { $0 + range.lowerBound }, range.count)
                case .tanh:
                    for index in range { floats[index] *= 2 }
                    sigmoid?(floats.baseAddress.map { $0 + range.lowerBound }, range.count)
                }
            }
        }
    }
}
