import Measurement
import OpticalFlow
import Tensors

/// A heat map of what the frame before, moved along the flow, leaves unexplained.
enum DifferencePicture {
    /// The root mean square difference over channels, of the full range, that gets the brightest colour.
    static let brightest: Float = 0.1

    /// Black, violet, red, orange, pale yellow: rises in lightness throughout.
    private static let colors: [SIMD3<Float>] = [
        [0, 0, 0.02], [0.34, 0.06, 0.43], [0.74, 0.21, 0.33], [0.98, 0.55, 0.04], [0.99, 1, 0.64],
    ]
    /// Where nothing is compared.
    private static let unreliable: SIMD3<Float> = [0.45, 0.47, 0.5]

    /// The map of `current` against `previous`, grey where the mask is 0.
    static func heat(
        current: PlanarImage, previous: PlanarImage, motion: MeasuredMotion, rows: ParallelRows
    ) -> PlanarImage {
        let warped = BackwardWarp.warp(previous, by: motion.flow, .bilinear, rows: rows)
        let count = current.width * current.height
        var picture = Tensor(current.tensor.shape)
        current.tensor.withFloats { a in
            warped.tensor.withFloats { b in
                motion.mask.tensor.withFloats { mask in
                    picture.withMutableFloats { target in
                        for i in 0..<count {
                            var sum: Float = 0
                            for c in 0..<3 {
                                let difference = a[c * count + i] - b[c * count + i]
                                sum += difference * difference
                            }
                            let heat = color(of: (sum / 3).squareRoot() / brightest)
                            let shown = unreliable + (heat - unreliable) * mask[i]
                            for c in 0..<3 { target[c * count + i] = shown[c] }
                        }
                    }
                }
            }
        }
        return PlanarImage(picture)
    }

    /// A strip of the colours from 0 to the brightest.
    static func scale(width: Int, height: Int) -> PlanarImage {
        var strip = Tensor([3, height, width])
        strip.withMutableFloats { target in
            for i in 0..<width * height {
                let shown = color(of: Float(i % width) / Float(max(1, width - 1)))
                for c in 0..<3 { target[c * width * height + i] = shown[c] }
            }
        }
        return PlanarImage(strip)
    }

    private static func color(of value: Float) -> SIMD3<Float> {
        let place = min(max(value, 0), 1) * Float(colors.count - 1)
        let first = min(Int(place), colors.count - 2)
        return colors[first] + (colors[first + 1] - colors[first]) * (place - Float(first))
    }
}
