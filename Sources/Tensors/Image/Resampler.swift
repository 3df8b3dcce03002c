/// Brings `[C, H, W]` tensors from one size to another by separable filters.
///
/// The results do not depend on the number of threads. Bicubic and Lanczos overshoot at edges: clamp where
/// the range matters.
package struct Resampler: Sendable {
    /// The interpolation; every one but `area` is stretched when going down.
    package enum Filter: Sendable, CaseIterable {
        /// The mean over the output pixel's area: for going down.
        case area
        /// A triangle.
        case bilinear
        /// Keys' cubic, a = −0.5 (Catmull-Rom).
        case bicubic
        /// Lanczos, three lobes.
        case lanczos
    }

    /// Rows that come out.
    package let height: Int
    /// Columns that come out.
    package let width: Int
    private let inputHeight: Int
    private let inputWidth: Int
    private let vertical: ResamplerTaps
    private let horizontal: ResamplerTaps

    private static let grain = 8

    /// Plans the resampling of `inputHeight`×`inputWidth` to `height`×`width`, all at least 1.
    package init(inputHeight: Int, inputWidth: Int, height: Int, width: Int, filter: Filter) {
        precondition(
            min(inputHeight, inputWidth, height, width) >= 1,
            "resampling \(inputWidth)×\(inputHeight) to \(width)×\(height)"
        )
        self.height = height
        self.width = width
        self.inputHeight = inputHeight
        self.inputWidth = inputWidth
        vertical = ResamplerTaps(input: inputHeight, output: height, filter: filter)
        horizontal = ResamplerTaps(input: inputWidth, output: width, filter: filter)
    }

    /// Resamples `tensor`, `[C, inputHeight, inputWidth]`, to `[C, height, width]`.
    package func resample(_ tensor: Tensor, rows: ParallelRows, pool: TensorPool? = nil) -> Tensor {
        precondition(
            tensor.shape.rank == 3 && tensor.shape[1] == inputHeight && tensor.shape[2] == inputWidth,
            "resampler for [C, \(inputHeight), \(inputWidth)] given \(tensor.shape)"
        )
        if height == inputHeight && width == inputWidth { return tensor }
        let narrowed = width == inputWidth ? tensor : resampleRows(tensor, rows: rows, pool: pool)
        return height == inputHeight ? narrowed : resampleColumns(narrowed, rows: rows, pool: pool)
    }

    private func resampleRows(_ tensor: Tensor, rows: ParallelRows, pool: TensorPool?) -> Tensor {
        let count = tensor.shape[0] * inputHeight
        let (inputWidth, width, taps) = (inputWidth, width, horizontal)
        var output = Tensor(uninitialized: [tensor.shape[0], inputHeight, width], pool: pool)
        tensor.withFloats { source in
            output.withMutableFloats { target in
                nonisolated(unsafe) let (source, target) = (source, target)
                rows.run(rows: count, grain: Self.grain) { _, range in
                    for row in range {
                        for x in 0..<width {
                            var sum: Float = 0
                            let base = row * inputWidth + taps.starts[x]
                            for k in 0..<taps.width {
                                sum += taps.weights[x * taps.width + k] * source[base + k]
                            }
                            target[row * width + x] = sum
                        }
                    }
                }
            }
        }
        return output
    }

    private func resampleColumns(_ tensor: Tensor, rows: ParallelRows, pool: TensorPool?) -> Tensor {
        let channels = tensor.shape[0]
        let (inputHeight, height, width, taps) = (inputHeight, height, width, vertical)
        var output = Tensor(uninitialized: [channels, height, width], pool: pool)
        tensor.withFloats { source in
            output.withMutableFloats { target in
                nonisolated(unsafe) let (source, target) = (source, target)
                rows.run(rows: channels * height, grain: Self.grain) { _, range in
                    for row in range {
                        let (channel, y) = row.quotientAndRemainder(dividingBy: height)
                        let base = (channel * inputHeight + taps.starts[y]) * width
                        for x in 0..<width { target[row * width + x] = 0 }
                        for k in 0..<taps.width {
                            let weight = taps.weights[y * taps.width + k]
                            if weight == 0 { continue }
                            for x in 0..<width {
                                target[row * width + x] += weight * source[base + k * width + x]
                            }
                        }
                    }
                }
            }
        }
        return output
    }
}
