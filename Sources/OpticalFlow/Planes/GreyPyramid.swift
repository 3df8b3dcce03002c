import CKernels
import Tensors

/// A frame's luma, 0…255, at full size and halved again and again (2×2 means), every level padded by replication.
/// Made once per frame and shared by the flows into and out of it.
///
/// Level k has ⌊W / 2ᵏ⌋ × ⌊H / 2ᵏ⌋ pixels, at least 1×1; pixel centres lie at (x + ½) · 2ᵏ − ½ of the full size.
package final class GreyPyramid: Sendable {
    /// The levels, full size first.
    package let levels: [PaddedPlane]

    /// Columns of the full size.
    package var width: Int { levels[0].width }

    /// Rows of the full size.
    package var height: Int { levels[0].height }

    /// Makes the pyramid of a picture.
    package convenience init(_ image: PlanarImage, levels: Int, rows: ParallelRows, pool: TensorPool? = nil) {
        let kernels = bf_kernels_current().pointee.flow
        let count = image.width * image.height
        let width = image.width
        self.init(width: width, height: image.height, levels: levels, rows: rows, pool: pool) { range, plane in
            image.tensor.withFloats { floats in
                guard let base = floats.baseAddress else { return }
                for y in range {
                    let r = base + y * width
                    kernels.grey(Int32(width), r, r + count, r + 2 * count, plane.row(y))
                }
            }
        }
    }

    /// Makes the pyramid of a plane of luma, `[H, W]`, 0…255.
    package convenience init(grey: Tensor, levels: Int, rows: ParallelRows, pool: TensorPool? = nil) {
        precondition(grey.shape.rank == 2, "a plane of luma is [H, W], not \(grey.shape)")
        let width = grey.shape[1]
        self.init(width: width, height: grey.shape[0], levels: levels, rows: rows, pool: pool) { range, plane in
            grey.withFloats { floats in
                guard let base = floats.baseAddress else { return }
                for y in range {
                    plane.row(y).update(from: base + y * width, count: width)
                }
            }
        }
    }

    /// The full size as it is, `[H, W]`, 0…255: what `init(grey:)` makes the same pyramid of.
    package var luma: Tensor {
        var luma = Tensor(uninitialized: [height, width])
        luma.withMutableFloats { floats in
            for y in 0..<height {
                let row = UnsafeBufferPointer(start: levels[0].row(y), count: width)
                _ = floats[(y * width)..<((y + 1) * width)].update(fromContentsOf: row)
            }
        }
        return luma
    }

    private init(levels: [PaddedPlane]) { self.levels = levels }

    /// The pyramid of the frame halved `halvings` times; shares the planes.
    package func halved(_ halvings: Int) -> GreyPyramid {
        precondition(halvings < levels.count, "level \(halvings) of \(levels.count)")
        return GreyPyramid(levels: Array(levels.dropFirst(halvings)))
    }

    private init(
        width: Int, height: Int, levels count: Int, rows: ParallelRows, pool: TensorPool?,
        fill: @Sendable (Range<Int>, PaddedPlane) -> Void
    ) {
        precondition(width >= 1 && height >= 1, "a pyramid of \(width)×\(height)")
        let kernels = bf_kernels_current().pointee.flow
        let full = PaddedPlane(width: width, height: height, pool: pool)
        rows.run(rows: height, grain: Self.grain) { _, range in
            fill(range, full)
            full.replicateEdges(rows: range)
        }
        var planes = [full]
        while planes.count < count {
            let fine = planes[planes.count - 1]
            let half = PaddedPlane(width: max(1, fine.width / 2), height: max(1, fine.height / 2), pool: pool)
            rows.run(rows: half.height, grain: Self.grain) { _, range in
                for y in range {
                    kernels.halve(Int32(half.width), fine.row(2 * y), fine.row(2 * y + 1), half.row(y))
                }
                half.replicateEdges(rows: range)
            }
            planes.append(half)
        }
        levels = planes
    }

    private static let grain = 64
}
