import CKernels
import Tensors

/// One picture's way from colours to the samples of a Y'CbCr frame, row by row. The frame may be smaller than
/// the picture, which then loses its last columns and rows.
struct FramePacking: Sendable {
    let layout: PlanarLayout
    let color: ColorDescription
    /// Rows Y, Cb, Cr on R, G, B.
    let matrix: [Float]
    /// Columns and rows of the frame's luma.
    let width: Int
    let height: Int
    /// Y, Cb and Cr.
    let planes: [SamplePlane]

    /// Rows of a stripe; even, so that a chroma row's two luma rows share a stripe.
    private static let grain = 32

    /// Writes every sample of the frame. Chroma is sited as MPEG-2 does: on even columns, between two rows.
    func run(from source: FloatPlanes, rows: ParallelRows) {
        let lines = 1 << layout.chromaShiftY
        rows.run(rows: height, grain: Self.grain) { _, range in
            let step = width + 16
            var scratch = [Float](repeating: 0, count: 8 * step)
            scratch.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                for y in stride(from: range.lowerBound, to: range.upperBound, by: lines) {
                    pack(y, from: source, scratch: base, step: step)
                }
            }
        }
    }

    /// Packs luma row `y`, its pair where chroma has half the rows, and their chroma.
    private func pack(_ y: Int, from source: FloatPlanes, scratch: UnsafeMutablePointer<Float>, step: Int) {
        let kernels = bf_kernels_current().pointee.color
        // Luma, then two rows each of Cb and Cr with room on both sides, then one row of the result.
        let luma = scratch
        let cb = (scratch + step + 8, scratch + 2 * step + 8)
        let cr = (scratch + 3 * step + 8, scratch + 4 * step + 8)
        convert(y, from: source, luma, cb.0, cr.0)
        quantize(luma, plane: 0, row: y, count: width, .luma(range: color.range, depth: layout.depth))
        if layout.chromaShiftY == 1, y + 1 < height {
            convert(y + 1, from: source, luma, cb.1, cr.1)
            quantize(luma, plane: 0, row: y + 1, count: width, .luma(range: color.range, depth: layout.depth))
            kernels.average(cb.0, cb.1, scratch + 6 * step + 8, width)
            kernels.average(cr.0, cr.1, scratch + 7 * step + 8, width)
        } else {
            (scratch + 6 * step + 8).update(from: cb.0, count: width)
            (scratch + 7 * step + 8).update(from: cr.0, count: width)
        }
        packChroma(scratch + 6 * step + 8, plane: 1, y, out: scratch + 5 * step)
        packChroma(scratch + 7 * step + 8, plane: 2, y, out: scratch + 5 * step)
    }

    private func packChroma(
        _ row: UnsafeMutablePointer<Float>, plane: Int, _ y: Int, out: UnsafeMutablePointer<Float>
    ) {
        let scale = SampleScale.chroma(range: color.range, depth: layout.depth)
        let chromaRow = y >> layout.chromaShiftY
        guard layout.chromaShiftX == 1 else {
            quantize(row, plane: plane, row: chromaRow, count: width, scale)
            return
        }
        row[-1] = row[0]
        row[width] = row[width - 1]
        let columns = (width + 1) / 2
        let kernels = bf_kernels_current().pointee.color
        kernels.downsample(row, [0.25, 0.5, 0.25], out, columns)
        quantize(out, plane: plane, row: chromaRow, count: columns, scale)
    }

    private func convert(
        _ y: Int, from source: FloatPlanes, _ luma: UnsafeMutablePointer<Float>, _ cb: UnsafeMutablePointer<Float>,
        _ cr: UnsafeMutablePointer<Float>
    ) {
        let kernels = bf_kernels_current().pointee.color
        kernels.from_rgb(
            source.row(0, y), source.row(1, y), source.row(2, y), matrix, luma, cb, cr, width)
    }

    private func quantize(
        _ values: UnsafePointer<Float>, plane: Int, row: Int, count: Int, _ scale: SampleScale
    ) {
        let kernels = bf_kernels_current().pointee.color
        if layout.depth == 8 {
            kernels.quantize_u8(
                values, scale.scale, scale.zero, layout.highest, planes[plane].bytes(row: row), count)
        } else {
            kernels.quantize_u16(
                values, scale.scale, scale.zero, layout.highest, planes[plane].words(row: row), count)
        }
    }
}
