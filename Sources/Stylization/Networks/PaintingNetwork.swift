import NeuralNet
import OpticalFlow
import Tensors

/// A feed-forward network that paints a frame at once.
package enum PaintingNetwork: Sendable {
    /// A network of our own form, in one of its styles or a blend.
    case style(StyleNetwork, StyleVector)
    /// A network as published.
    case image(ImageNetworkModel)

    /// Whether it looks at the previous painted frame itself.
    package var isRecurrent: Bool {
        if case .style(let network, _) = self { return network.layout.inputChannels == 7 }
        return false
    }

    /// Paints a frame.
    ///
    /// - Parameter tie: what a recurrent network looks at, let go of before the network runs; others ignore it.
    /// - Returns: `[3, H, W]`, 0…1.
    /// - Throws: `BrushflowError` of kind `content` where the network cannot be run at this size.
    func paint(
        _ image: PlanarImage, tie: consuming PaintingTie?, rows: ParallelRows, pool: TensorPool?
    ) throws -> Tensor {
        switch self {
        case .image(let model): return try model.paint(image, rows: rows, pool: pool).tensor
        case .style(let network, let style):
            let input = isRecurrent ? Self.input(image.tensor, consume tie, rows: rows, pool: pool) : image.tensor
            return network.paint(input, style: style, in: Workspace(rows: rows, pool: pool))
        }
    }

    /// What a recurrent network sees: frame, warped previous output times mask, mask, `[7, H, W]`, the last four 0 where there
    /// is no tie.
    package static func input(
        _ image: Tensor, _ tie: consuming PaintingTie?, rows: ParallelRows, pool: TensorPool?
    ) -> Tensor {
        let (height, width) = (image.shape[1], image.shape[2])
        let plane = height * width
        guard let tie else {
            var input = Tensor([7, height, width], filledWith: 0, pool: pool)
            input.withMutableFloats { target in
                image.withFloats { _ = target[..<(3 * plane)].update(fromContentsOf: $0) }
            }
            return input
        }
        var input = Tensor(uninitialized: [7, height, width], pool: pool)
        input.withMutableFloats { target in
            image.withFloats { image in
                tie.warped.withFloats { warped in
                    tie.reliability.tensor.withFloats { mask in
                        nonisolated(unsafe) let (target, image, warped, mask) = (target, image, warped, mask)
                        rows.run(rows: height, grain: 8) { _, range in
                            guard let target = target.baseAddress, let image = image.baseAddress,
                                let warped = warped.baseAddress, let mask = mask.baseAddress
                            else { return }
                            let (first, count) = (range.lowerBound * width, range.count * width)
                            let trust = mask + first
                            for channel in 0..<3 {
                                let place = channel * plane + first
                                (target + place).update(from: image + place, count: count)
                                let (held, previous) = (target + 3 * plane + place, warped + place)
                                for index in 0..<count { held[index] = previous[index] * trust[index] }
                            }
                            (target + 6 * plane + first).update(from: trust, count: count)
                        }
                    }
                }
            }
        }
        return input
    }
}
