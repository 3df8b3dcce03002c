import Tensors

/// The last convolution of the form `shuffle`, 5×5 → 3 at full resolution, as a 3×3 convolution at half resolution with 12
/// outputs, whose channels become 2×2 pixels (Shi et al. 2016): pixels of the enlarged activation are alike in twos, and the
/// input lies there as 2×2 pixels in channels. As every pixel meets the same 5×5 filter, there is no pattern of 2×2 pixels
/// that training would have to unlearn (Aitken et al. 2017). At the border the half resolution is mirrored.
struct ShuffledFilters {
    /// Channels of the enlarged activation, then those of the input.
    let activations: Int
    let inputs: Int

    /// One number of the filters `[3, activations + inputs, 5, 5]`, and the number of `[12, activations + 4 · inputs, 3, 3]`
    /// that it is added to for each of the 2×2 pixels.
    private func forEach(_ body: (_ number: Int, _ place: Int) -> Void) {
        let channels = activations + inputs
        let joined = activations + 4 * inputs
        for index in 0..<3 * channels * 25 {
            let (filter, tap) = (index / 25, index % 25)
            let (output, channel) = (filter / channels, filter % channels)
            for part in 0..<4 {
                // From −2 to 3 about the first of the 2×2 pixels.
                let (y, x) = (part / 2 + tap / 5, part % 2 + tap % 5)
                let own = y % 2 * 2 + x % 2
                let read = channel < activations ? channel : activations + (channel - activations) * 4 + own
                body(index, ((output * 4 + part) * joined + read) * 9 + y / 2 * 3 + x / 2)
            }
        }
    }

    /// The filters at half resolution of `weight`.
    func shuffled(_ weight: Tensor) -> Tensor {
        var result = Tensor([12, activations + 4 * inputs, 3, 3])
        result.withMutableFloats { result in
            weight.withFloats { weight in forEach { result[$1] += weight[$0] } }
        }
        return result
    }

    /// Adds the gradient of `weight` to `sums`, from that of the filters at half resolution.
    func add(_ gradient: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>) {
        forEach { sums[$0] += gradient[$1] }
    }
}
