import OpticalFlow
import Tensors

extension TrainingPair {
    /// The pair as a clip: some frames before the earlier one, the farthest first, then the earlier and the later one.
    package func clip(approach count: Int, pool: TensorPool?) -> [FlowedImage] {
        let views = (0...count).reversed().map { number in
            FlowedImage(
                image: PlanarImage(view(before: number).frame),
                motion: number == count ? nil : motion(before: number, pool: pool))
        }
        return views + [FlowedImage(image: PlanarImage(later), motion: .init(flow: flow, mask: reliability))]
    }

    /// From the frame that lies so many before the earlier one into the one before that.
    private func motion(before count: Int, pool: TensorPool?) -> FlowedImage.Motion {
        let (height, width) = (earlier.shape[1], earlier.shape[2])
        let shift = view(before: count).shift - view(before: count + 1).shift
        var flow = Tensor(uninitialized: [2, height, width], pool: pool)
        var mask = Tensor(uninitialized: [1, height, width], pool: pool)
        let plane = height * width
        flow.withMutableFloats { flow in
            mask.withMutableFloats { mask in
                for place in 0..<plane {
                    flow[place] = shift.x
                    flow[plane + place] = shift.y
                    let (x, y) = (Float(place % width) + shift.x, Float(place / width) + shift.y)
                    mask[place] = x >= 0 && y >= 0 && x <= Float(width - 1) && y <= Float(height - 1) ? 1 : 0
                }
            }
        }
        return FlowedImage.Motion(flow: FlowField(flow), mask: ReliabilityMask(mask))
    }
}
