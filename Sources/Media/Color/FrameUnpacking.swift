import CKernels
import Tensors

/// One frame's way from samples to colours, row by row.
struct FrameUnpacking: Sendable {
    let layout: PlanarLayout
    let color: ColorDescription
    let siting: ChromaSiting
    /// R from Cr; G from Cb; G from Cr; B from Cb. Empty for RGB.
    let matrix: [Float]
    /// Columns and rows of luma.
    let width: Int
    let height: Int
    /// Y, Cb, Cr or R, G, B, or one plane for grey.
    let planes: [SamplePlane]

    /// Rows of a stripe.
    private static let grain = 32

    /// Writes every row of `target`, which has the frame's size.
    func run(into target: FloatPlanes, rows: ParallelRows) {
        rows.run(rows: height, grain: Self.grain) { _, range in
            if layout.isRGB {
                for y in range { unpackRGB(y, into: target) }
            } else {
                var scratch = [Float](repeating: 0, count: 5 * (width + 16))
                scratch.withUnsafeMutableBufferPointer { buffer in
                    guard let base = buffer.baseAddress else { return }
                    for y in range { unpackLumaAndChroma(y, into: target, scratch: base) }
                }
            }
        }
    }

    private func unpackRGB(_ y: Int, into target: FloatPlanes) {
        let scale = SampleScale.luma(range: .full, depth: layout.depth)
        for plane in 0..<3 {
            blend(plane, y, y, 0, scale, low: 0, high: 1, count: width, to: target.row(plane, y))
        }
    }

    private func unpackLumaAndChroma(_ y: Int, into target: FloatPlanes, scratch: UnsafeMutablePointer<Float>) {
        let kernels = bf_kernels_current().pointee.color
        let luma = SampleScale.luma(range: color.range, depth: layout.depth)
        let step = width + 16
        let (lumaRow, cb, cr) = (scratch, scratch + step, scratch + 2 * step)
        if planes.count == 1 {
            for plane in 0..<3 {
                blend(0, y, y, 0, luma, low: 0, high: 1, count: width, to: target.row(plane, y))
            }
            return
        }
        blend(0, y, y, 0, luma, low: -1, high: 2, count: width, to: lumaRow)
        chromaRow(1, y, padded: scratch + 3 * step + 8, to: cb)
        chromaRow(2, y, padded: scratch + 4 * step + 8, to: cr)
        kernels.to_rgb(
            lumaRow, cb, cr, matrix, target.row(0, y), target.row(1, y), target.row(2, y), width)
    }

    /// The chroma of luma row `y` at luma's density. `padded` has room on both sides of a row of chroma.
    private func chromaRow(
        _ plane: Int, _ y: Int, padded: UnsafeMutablePointer<Float>, to out: UnsafeMutablePointer<Float>
    ) {
        let scale = SampleScale.chroma(range: color.range, depth: layout.depth)
        let columns = (width + (1 << layout.chromaShiftX) - 1) >> layout.chromaShiftX
        let chromaHeight = (height + (1 << layout.chromaShiftY) - 1) >> layout.chromaShiftY
        let rows =
            layout.chromaShiftY == 0
            ? (first: y, second: y, weight: Float(0)) : siting.rows(for: y, chromaHeight: chromaHeight)
        let blended = layout.chromaShiftX == 0 ? out : padded
        blend(
            plane, rows.first, rows.second, rows.weight, scale, low: -1, high: 1, count: columns, to: blended)
        guard layout.chromaShiftX == 1 else { return }
        padded[-1] = padded[0]
        padded[columns] = padded[columns - 1]
        let kernels = bf_kernels_current().pointee.color
        kernels.upsample(padded, siting.isLeft ? 1 : 0.75, siting.isLeft ? 0.5 : 0.75, out, width)
    }

    /// A weighted sum of two rows of one plane as numbers.
    private func blend(
        _ plane: Int, _ first: Int, _ second: Int, _ weight: Float, _ scale: SampleScale, low: Float, high: Float,
        count: Int, to out: UnsafeMutablePointer<Float>
    ) {
        let kernels = bf_kernels_current().pointee.color
        let (a, b) = ((1 - weight) / scale.scale, weight / scale.scale)
        let offset = -scale.zero / scale.scale
        let samples = planes[plane]
        if layout.depth == 8 {
            kernels.blend_u8(
                samples.bytes(row: first), samples.bytes(row: second), a, b, offset, low, high, out, count)
        } else {
            kernels.blend_u16(
                samples.words(row: first), samples.words(row: second), a, b, offset, low, high, out, count)
        }
    }
}
