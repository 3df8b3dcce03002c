import CKernels
import Tensors

/// An activation with the instance normalisation that the next layer read it through, as the gradient needs them.
struct NormalizedActivation: Sendable {
    /// Before the normalisation; it may have more blocks behind those that were normalised.
    let pixels: BlockTensor
    /// What the next layer made of it.
    let reading: ChannelReading
    /// x̂ = inverse · x + shift has mean 0 and variance 1; whole blocks.
    private let inverses: [Float]
    private let shifts: [Float]
    private let channels: Int

    /// Normalises by `moments`, those of `pixels`.
    init(_ pixels: BlockTensor, moments: ChannelMoments, gains: [Float], biases: [Float], rectified: Bool) {
        self.pixels = pixels
        channels = gains.count
        reading = moments.reading(gains: gains, biases: biases, rectified: rectified)
        let plain = moments.reading(
            gains: gains.map { _ in 1 }, biases: biases.map { _ in 0 }, rectified: false)
        inverses = plain.scales
        shifts = plain.offsets
    }

    /// From the gradient of what the next layer read to those of the activation (Ioffe and Szegedy 2015, the statistics
    /// included), of γ and of β.
    func gradient(
        of outputGradient: BlockTensor, in workspace: Workspace
    ) -> (pixels: BlockTensor, gains: [Float], biases: [Float]) {
        precondition(
            outputGradient.channels == channels && outputGradient.blockStride == pixels.blockStride,
            "gradient of \(outputGradient.channels) channels for \(channels)")
        var result = outputGradient.like(in: workspace)
        let count = outputGradient.rows.count * outputGradient.width
        let stride = pixels.blockStride
        let kernels = bf_kernels_current().pointee.style
        let grain = 2048
        let stripes = ParallelRows.stripeCount(rows: count, grain: grain)
        var sums = [Double](repeating: 0, count: outputGradient.blockCount * 32)
        pixels.blocks.withFloats { pixels in
            outputGradient.blocks.withFloats { given in
                result.blocks.withMutableFloats { result in
                    guard let pixels = pixels.baseAddress, let given = given.baseAddress,
                        let result = result.baseAddress
                    else { return }
                    for block in 0..<outputGradient.blockCount {
                        withNormalization(block) { how in
                            let at = block * stride
                            for stripe in 0..<stripes {
                                let first = stripe * grain
                                var part = [Float](repeating: 0, count: 32)
                                kernels.normalized_sums(
                                    how, pixels + at + first * 16, given + at + first * 16, min(grain, count - first),
                                    &part)
                                for lane in 0..<32 { sums[block * 32 + lane] += Double(part[lane]) }
                            }
                            let means = (0..<32).map { Float(sums[block * 32 + $0] / Double(count)) }
                            kernels.normalized_gradient(how, pixels + at, given + at, means, count, result + at)
                        }
                    }
                }
            }
        }
        func lanes(_ offset: Int) -> [Float] {
            (0..<channels).map { Float(sums[$0 / 16 * 32 + offset + $0 % 16]) }
        }
        return (result, lanes(16), lanes(0))
    }

    private func withNormalization(_ block: Int, _ body: (UnsafePointer<bf_normalized>) -> Void) {
        reading.scales.withUnsafeBufferPointer { scales in
            reading.offsets.withUnsafeBufferPointer { offsets in
                inverses.withUnsafeBufferPointer { inverses in
                    shifts.withUnsafeBufferPointer { shifts in
                        func lanes(_ buffer: UnsafeBufferPointer<Float>) -> UnsafePointer<Float>? {
                            buffer.baseAddress.map { $0 + block * 16 }
                        }
                        var how = bf_normalized(
                            scales: lanes(scales), offsets: lanes(offsets), inverses: lanes(inverses),
                            shifts: lanes(shifts), rectify: reading.rectified ? 1 : 0)
                        body(&how)
                    }
                }
            }
        }
    }
}
