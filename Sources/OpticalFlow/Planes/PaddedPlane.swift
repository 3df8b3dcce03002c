import CKernels
import Tensors

/// One plane of Float32, `[H, W]`, with room for `padding` pixels on every side, as the flow kernels need it.
///
/// `@unchecked Sendable`: the memory is written while the plane is made, or as scratch by the one search that owns
/// it, whose stripes write disjoint rows.
package final class PaddedPlane: @unchecked Sendable {
    /// Pixels of room on every side.
    package static let padding = Int(BF_FLOW_PAD)

    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// Floats between rows; a multiple of 16.
    package let stride: Int
    /// Pixel (0, 0). Valid while the plane lives.
    package let origin: UnsafeMutablePointer<Float>

    private let tensor: Tensor

    /// Makes a plane with undefined contents.
    package init(width: Int, height: Int, pool: TensorPool?) {
        self.width = width
        self.height = height
        stride = Self.stride(width: width)
        var tensor = Tensor(uninitialized: [(height + 2 * Self.padding) * stride], pool: pool)
        guard let base = tensor.withMutableFloats({ $0.baseAddress }) else {
            preconditionFailure("a plane of \(width)×\(height) has no memory")
        }
        origin = base + Self.padding * stride + Self.padding
        self.tensor = tensor
    }

    /// The floats between rows of a plane of `width` columns.
    package static func stride(width: Int) -> Int { (width + 2 * padding + 15) / 16 * 16 }

    /// The pixels of one row, without the room at its sides.
    package func row(_ y: Int) -> UnsafeMutablePointer<Float> { origin + y * stride }

    /// Repeats the edge pixels of rows `rows` into the room at the sides, and the first and last row of the plane,
    /// where they are among `rows`, into the room above and below.
    package func replicateEdges(rows: Range<Int>) {
        let padding = Self.padding
        let right = stride - padding - width
        for y in rows {
            let row = row(y)
            (row - padding).update(repeating: row[0], count: padding)
            (row + width).update(repeating: row[width - 1], count: right)
        }
        for k in 1...padding {
            if rows.contains(0) {
                (row(-k) - padding).update(from: row(0) - padding, count: stride)
            }
            if rows.contains(height - 1) {
                (row(height - 1 + k) - padding).update(from: row(height - 1) - padding, count: stride)
            }
        }
    }
}
