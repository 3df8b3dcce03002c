import OpticalFlow
import Tensors

/// Layers that move between two frames.
package struct PairScene {
    /// The hindmost first; it covers all.
    let layers: [PairLayer]
    /// Rows and columns of the frames.
    let side: Int

    /// Stacks layers, at least one; the first covers all.
    package init(layers: [PairLayer], side: Int) {
        precondition(layers.first.map { $0.shape == nil } == true, "the hindmost layer has an outline")
        self.layers = layers
        self.side = side
    }

    /// Renders both frames; the flow is the layers' motion, and it is reliable where one layer alone is seen at a pixel and
    /// at all 16 pixels that a cubic warp reads for it.
    ///
    /// - Parameters:
    ///   - drift: pixels that the camera moves from frame to frame before the earlier one.
    ///   - views: frames before it.
    package func pair(drift: SIMD2<Double> = .zero, views: Int = 0, pool: TensorPool?) -> TrainingPair {
        let earlier = frame(.identity, pool: pool)
        let later = PairFrame(layers, side: side, pool: pool)
        var flow = Tensor(uninitialized: [2, side, side], pool: pool)
        var mask = Tensor(uninitialized: [1, side, side], pool: pool)
        let middle = Double(side - 1) / 2
        let plane = side * side
        flow.withMutableFloats { flow in
            mask.withMutableFloats { mask in
                for place in 0..<plane {
                    let (x, y) = (Double(place % side) - middle, Double(place / side) - middle)
                    let source = later.origins[place]
                    flow[place] = Float(source.x - x)
                    flow[plane + place] = Float(source.y - y)
                    mask[place] = shows(earlier.labels, later.labels[place], around: source + middle) ? 1 : 0
                }
            }
        }
        return TrainingPair(
            earlier: earlier.colours, later: later.colours, flow: FlowField(flow), reliability: ReliabilityMask(mask),
            approach: (0..<views).map { view(shift: -Double($0 + 1) * drift, pool: pool) })
    }

    private func view(shift: SIMD2<Double>, pool: TensorPool?) -> TrainingPair.View {
        TrainingPair.View(frame: frame(Homography(.init(shift: shift)), pool: pool).colours, shift: SIMD2(shift))
    }

    /// All layers as the camera sees them before they move, after a motion of its own.
    private func frame(_ camera: Homography, pool: TensorPool?) -> PairFrame {
        PairFrame(layers.map { $0.moving(by: camera) }, side: side, pool: pool)
    }

    /// Whether a frame shows a layer alone at the 4×4 pixels around a place.
    private func shows(_ labels: [Int8], _ label: Int8, around place: SIMD2<Double>) -> Bool {
        guard label != PairFrame.mixed else { return false }
        let (left, top) = (place.x.rounded(.down) - 1, place.y.rounded(.down) - 1)
        guard left >= 0, top >= 0, left + 4 <= Double(side), top + 4 <= Double(side) else { return false }
        return (0..<4).allSatisfy { j in
            (0..<4).allSatisfy { i in labels[(Int(top) + j) * side + Int(left) + i] == label }
        }
    }
}
