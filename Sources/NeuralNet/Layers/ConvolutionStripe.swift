import CKernels
import Tensors

/// The rows that one stripe of a convolution computes, and the scratch memory with the rows it reads: one more
/// at either side, and two slots for sums of rows where the layout has room for them. Column x lies at x + 1.
struct ConvolutionStripe {
    let layout: StagedRows
    let height: Int
    /// The output rows of the stripe.
    let rows: Range<Int>
    let staged: UnsafeMutableBufferPointer<Float>
    /// The whole result, `[outputs, height, width]`.
    let destination: UnsafeMutableBufferPointer<Float>

    /// Where row y of the image begins in every staged channel, `rows.lowerBound - 1 ... rows.upperBound`.
    func offset(ofRow y: Int) -> Int { (y - rows.lowerBound + 1) * layout.stride }

    /// Where a sum of rows begins in every staged channel; slot 0 or 1.
    func offset(ofSlot slot: Int) -> Int { (layout.grain + 2 + slot) * layout.stride }

    /// Copies the rows of `input`, `[channels, height, width]`, and its padding.
    func stage(input: UnsafeBufferPointer<Float>, padding: Padding) {
        guard let source = input.baseAddress, let staged = staged.baseAddress else { return }
        let (width, plane) = (layout.width, height * layout.width)
        let (left, right) = (padding.before(width), padding.after(width))
        for channel in 0..<layout.channels {
            for y in rows.lowerBound - 1...rows.upperBound {
                let row = staged + channel * layout.channelStride + offset(ofRow: y)
                let read = y < 0 ? padding.before(height) : y < height ? y : padding.after(height)
                guard let read else {
                    row.update(repeating: 0, count: layout.stride)
                    continue
                }
                let from = source + channel * plane + read * width
                row[0] = left.map { from[$0] } ?? 0
                (row + 1).update(from: from, count: width)
                row[width + 1] = right.map { from[$0] } ?? 0
                (row + width + 2).update(repeating: 0, count: layout.stride - width - 2)
            }
        }
    }

    /// Writes `gradient` (+ `addend`), 0 where `output` is not above 0, with zeros outside the image.
    func stage(gradient: Tensor, plus addend: Tensor?, where output: Tensor?) {
        guard let staged = staged.baseAddress, let mask = bf_kernels_current().pointee.layers.mask else { return }
        let (width, plane) = (layout.width, height * layout.width)
        lend(gradient, addend, output) { gradient, addend, output in
            for channel in 0..<layout.channels {
                for y in rows.lowerBound - 1...rows.upperBound {
                    let row = staged + channel * layout.channelStride + offset(ofRow: y)
                    guard y >= 0, y < height else {
                        row.update(repeating: 0, count: layout.stride)
                        continue
                    }
                    let at = channel * plane + y * width
                    row[0] = 0
                    mask(gradient + at, addend.map { $0 + at }, output.map { $0 + at }, row + 1, width)
                    (row + width + 1).update(repeating: 0, count: layout.stride - width - 1)
                }
            }
        }
    }

    /// Fills a slot with the sum of two staged rows, channel by channel.
    func add(row a: Int, and b: Int, slot: Int) {
        guard let staged = staged.baseAddress else { return }
        for channel in 0..<layout.channels {
            let base = staged + channel * layout.channelStride
            let (first, second, sum) = (base + offset(ofRow: a), base + offset(ofRow: b), base + offset(ofSlot: slot))
            for x in 0..<layout.stride { sum[x] = first[x] + second[x] }
        }
    }

    private func lend(
        _ a: Tensor, _ b: Tensor?, _ c: Tensor?,
        _ body: (UnsafePointer<Float>, UnsafePointer<Float>?, UnsafePointer<Float>?) -> Void
    ) {
        a.withFloats { a in
            guard let a = a.baseAddress else { return }
            func lendLast(_ second: UnsafePointer<Float>?) {
                guard let c else { return body(a, second, nil) }
                c.withFloats { body(a, second, $0.baseAddress) }
            }
            guard let b else { return lendLast(nil) }
            b.withFloats { lendLast($0.baseAddress) }
        }
    }
}
