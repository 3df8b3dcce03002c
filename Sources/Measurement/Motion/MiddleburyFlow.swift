import OpticalFlow
import Tensors

/// Middlebury's flow as motion to measure with.
package enum MiddleburyFlow {
    /// The motion of a field read from a `.flo` file: unknown flow (a component that is not a number or beyond ±1e9) is
    /// left out, and so is what points outside the frame. The format does not tell occluded pixels: they count.
    package static func motion(in field: FlowField) -> MeasuredMotion {
        let (width, height) = (field.width, field.height)
        let count = width * height
        var flow = field.tensor
        var mask = Tensor([1, height, width])
        var unknown = 0
        flow.withMutableFloats { components in
            mask.withMutableFloats { weights in
                for i in 0..<count {
                    let (u, v) = (components[i], components[count + i])
                    guard abs(u) <= 1e9, abs(v) <= 1e9 else {
                        (components[i], components[count + i]) = (0, 0)
                        unknown += 1
                        continue
                    }
                    let (x, y) = (Float(i % width) + u, Float(i / width) + v)
                    let inside = x >= 0 && y >= 0 && x <= Float(width - 1) && y <= Float(height - 1)
                    weights[i] = inside ? 1 : 0
                }
            }
        }
        return MeasuredMotion(flow: FlowField(flow), mask: ReliabilityMask(mask), unknown: unknown)
    }
}
