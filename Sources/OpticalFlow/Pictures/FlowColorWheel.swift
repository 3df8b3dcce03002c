import Foundation
import Tensors

/// Middlebury's colour coding of flow (Baker et al. 2011): hue is the direction, saturation the length; a flow longer
/// than the scale is darkened, unknown flow is black.
package enum FlowColorWheel {
    /// Colours on the way from one primary to the next: red–yellow, yellow–green, green–cyan, cyan–blue, blue–magenta,
    /// magenta–red. Perceived differences, not angles, set their number.
    private static let steps = [15, 6, 4, 11, 13, 6]

    /// The wheel's colours, red green blue, 0…1.
    private static let colors: [SIMD3<Float>] = {
        let corners: [SIMD3<Float>] = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1]]
        return steps.indices.flatMap { k in
            (0..<steps[k]).map { i in
                let t = Float(i) / Float(steps[k])
                return corners[k] * (1 - t) + corners[(k + 1) % corners.count] * t
            }
        }
    }()

    /// A picture of `flow`.
    ///
    /// - Parameter longest: the length in pixels that gets full colour; the longest known flow's where it is nil.
    package static func picture(of flow: FlowField, longest: Float? = nil) -> PlanarImage {
        let count = flow.width * flow.height
        let values = flow.tensor.values
        let known = (0..<count).map { abs(values[$0]) <= 1e9 && abs(values[count + $0]) <= 1e9 }
        func length(_ i: Int) -> Float {
            (values[i] * values[i] + values[count + i] * values[count + i]).squareRoot()
        }
        let scale = longest ?? (0..<count).lazy.filter { known[$0] }.map(length).max() ?? 0
        var image = Tensor([3, flow.height, flow.width])
        image.withMutableFloats { pixels in
            for i in 0..<count where known[i] {
                let radius = scale > 0 ? length(i) / scale : 0
                let color = color(angle: atan2(-values[count + i], -values[i]), radius: radius)
                for c in 0..<3 { pixels[c * count + i] = color[c] }
            }
        }
        return PlanarImage(image)
    }

    private static func color(angle: Float, radius: Float) -> SIMD3<Float> {
        let place = (angle / .pi + 1) / 2 * Float(colors.count - 1)
        let first = min(max(0, Int(place)), colors.count - 1)
        let second = (first + 1) % colors.count
        let t = place - Float(first)
        let hue = colors[first] * (1 - t) + colors[second] * t
        return radius <= 1 ? 1 - radius * (1 - hue) : 0.75 * hue
    }
}
