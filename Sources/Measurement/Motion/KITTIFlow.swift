import OpticalFlow
import Tensors

/// KITTI's flow as a 16-bit picture: u · 64 + 32768 in red, v · 64 + 32768 in green, 1 in blue where it is valid.
package enum KITTIFlow {
    /// The flow in a picture that was read exactly (v / 65535). The mask is 1 where blue is not 0; a pixel that is 0 in
    /// all three channels has no known flow. Nil for a picture of 8 bits, which can be no flow.
    package static func motion(in picture: PlanarImage) -> MeasuredMotion? {
        let (width, height) = (picture.width, picture.height)
        let count = width * height
        var flow = Tensor([2, height, width])
        var mask = Tensor([1, height, width])
        var unknown = 0
        var hasSixteenBits = false
        picture.tensor.withFloats { stored in
            func value(_ channel: Int, _ i: Int) -> Float { (stored[channel * count + i] * 65535).rounded() }
            flow.withMutableFloats { components in
                mask.withMutableFloats { weights in
                    for i in 0..<count {
                        let (u, v, valid) = (value(0, i), value(1, i), value(2, i) > 0)
                        // Eight bits become sixteen by repetition: every value is a multiple of 257.
                        for channel in 0..<3 where Int(value(channel, i)) % 257 != 0 { hasSixteenBits = true }
                        if !valid, u == 0, v == 0 {
                            unknown += 1
                            continue
                        }
                        components[i] = (u - 32768) / 64
                        components[count + i] = (v - 32768) / 64
                        weights[i] = valid ? 1 : 0
                    }
                }
            }
        }
        guard hasSixteenBits || unknown == count else { return nil }
        return MeasuredMotion(flow: FlowField(flow), mask: ReliabilityMask(mask), unknown: unknown)
    }
}
