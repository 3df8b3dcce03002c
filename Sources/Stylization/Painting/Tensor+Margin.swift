import Tensors

extension Tensor {
    /// `[C, H + 2·margin, W + 2·margin]`: the planes with a margin all around that mirrors them about their
    /// outermost rows and columns. `margin` is less than H and W.
    func mirrored(margin: Int, rows: ParallelRows, pool: TensorPool?) -> Tensor {
        let (channels, height, width) = (shape[0], shape[1], shape[2])
        precondition(margin >= 0 && margin < min(height, width), "margin of \(margin) around \(shape)")
        let (tall, wide) = (height + 2 * margin, width + 2 * margin)
        var result = Tensor(uninitialized: [channels, tall, wide], pool: pool)
        withFloats { source in
            result.withMutableFloats { target in
                nonisolated(unsafe) let (source, target) = (source, target)
                rows.run(rows: channels * tall, grain: TotalVariationLoss.grain) { _, range in
                    for row in range {
                        let (channel, y) = row.quotientAndRemainder(dividingBy: tall)
                        let from = (channel * height + Self.mirror(y - margin, height)) * width
                        for x in 0..<wide { target[row * wide + x] = source[from + Self.mirror(x - margin, width)] }
                    }
                }
            }
        }
        return result
    }

    /// The planes without a margin all around.
    func cropped(margin: Int, rows: ParallelRows, pool: TensorPool?) -> Tensor {
        if margin == 0 { return self }
        let (channels, tall, wide) = (shape[0], shape[1], shape[2])
        let (height, width) = (tall - 2 * margin, wide - 2 * margin)
        var result = Tensor(uninitialized: [channels, height, width], pool: pool)
        withFloats { source in
            result.withMutableFloats { target in
                nonisolated(unsafe) let (source, target) = (source, target)
                rows.run(rows: channels * height, grain: TotalVariationLoss.grain) { _, range in
                    for row in range {
                        let (channel, y) = row.quotientAndRemainder(dividingBy: height)
                        let from = (channel * tall + y + margin) * wide + margin
                        for x in 0..<width { target[row * width + x] = source[from + x] }
                    }
                }
            }
        }
        return result
    }

    private static func mirror(_ index: Int, _ count: Int) -> Int {
        index < 0 ? -index : (index >= count ? 2 * (count - 1) - index : index)
    }
}
