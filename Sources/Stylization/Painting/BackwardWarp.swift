import OpticalFlow
import Tensors

enum BackwardWarp {
    enum Interpolation { case bilinear, bicubic }

    static func warp(
        _ image: Tensor, by flow: FlowField, interpolation: Interpolation, rows: ParallelRows, pool: TensorPool?
    ) -> Tensor {
        let (channels, height, width) = (image.shape[0], image.shape[1], image.shape[2])
        var output = Tensor(uninitialized: image.shape, pool: pool)
        image.withFloats { image in
            flow.tensor.withFloats { flow in
                output.withMutableFloats { output in
                    nonisolated(unsafe) let (i, f, o) = (image, flow, output)
                    rows.run(rows: height, grain: 8) { _, range in
                        for y in range {
                            for x in 0..<width {
                                let px = Float(x) + f[y * width + x]
                                let py = Float(y) + f[height * width + y * width + x]
                                let x0 = px.rounded(.down)
                                let y0 = py.rounded(.down)
                                let (wx, wy) = (
                                    Self.weights(px - x0, interpolation), Self.weights(py - y0, interpolation)
                                )
                                let (bx, by) = (Int(max(-1e6, min(1e6, x0))), Int(max(-1e6, min(1e6, y0))))
                                for c in 0..<channels {
                                    var sum: Float = 0
                                    for j in 0..<4 where wy[j] != 0 {
                                        let row = (c * height + max(0, min(height - 1, by + j - 1))) * width
                                        for k in 0..<4 {
                                            sum += wy[j] * wx[k] * i[row + max(0, min(width - 1, bx + k - 1))]
                                        }
                                    }
                                    o[(c * height + y) * width + x] = sum
                                }
                            }
                        }
                    }
                }
            }
        }
        return output
    }

    private static func weights(_ t: Float, _ interpolation: Interpolation) -> SIMD4<Float> {
        if interpolation == .bilinear { return [0, 1 - t, t, 0] }
        return [
            ((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
            (0.5 * t - 0.5) * t * t,
        ]
    }
}
