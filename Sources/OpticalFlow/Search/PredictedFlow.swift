import Tensors

/// Where a frame's pixels lie if all motion goes on as between the two frames before it: another start for a search.
///
/// One displacement for every 4×4 pixels; a motion that was found once need not be found anew from the coarsest level.
package struct PredictedFlow: Sendable {
    /// The direction of a flow in time.
    package enum Direction: Sendable {
        /// From a frame into the one before it.
        case backward
        /// From a frame into the one after it.
        case forward
    }

    private static let cell = 4
    private let width: Int
    private let height: Int
    private let values: [SIMD2<Float>]

    /// Carries a flow on along itself: what was at p with motion w moves on by w, and takes w with it. Where two things
    /// meet, the faster one is kept; where nothing arrives, what was there.
    ///
    /// - Parameter flow: between the two frames before, in the same direction as the one that is to be sought.
    package init(continuing flow: FlowField, _ direction: Direction) {
        let (fullWidth, fullHeight) = (flow.width, flow.height)
        let width = (fullWidth + Self.cell - 1) / Self.cell
        let height = (fullHeight + Self.cell - 1) / Self.cell
        let before = flow.tensor.withFloats { components in
            (0..<width * height).map { cell in
                let column = min(cell % width * Self.cell + Self.cell / 2, fullWidth - 1)
                let index = min(cell / width * Self.cell + Self.cell / 2, fullHeight - 1) * fullWidth + column
                return SIMD2(components[index], components[fullHeight * fullWidth + index])
            }
        }
        var values = before
        var speeds = [Float](repeating: -1, count: values.count)
        // Motion into the past leads away from where the pixel goes.
        let sign: Float = direction == .backward ? -1 : 1
        for (cell, motion) in before.enumerated() {
            let x = (Float(cell % width) + sign * motion.x / Float(Self.cell)).rounded()
            let y = (Float(cell / width) + sign * motion.y / Float(Self.cell)).rounded()
            guard x >= 0, x < Float(width), y >= 0, y < Float(height) else { continue }
            let place = Int(y) * width + Int(x)
            let speed = (motion * motion).sum()
            if speed > speeds[place] { (values[place], speeds[place]) = (motion, speed) }
        }
        (self.width, self.height, self.values) = (width, height, values)
    }

    /// Takes what `tensor` gave.
    package init(_ tensor: Tensor) {
        precondition(tensor.shape.rank == 3 && tensor.shape[2] == 2, "\(tensor.shape)")
        (width, height) = (tensor.shape[1], tensor.shape[0])
        values = tensor.withFloats { floats in
            stride(from: 0, to: floats.count, by: 2).map { SIMD2(floats[$0], floats[$0 + 1]) }
        }
    }

    /// The displacements, `[⌈H / 4⌉, ⌈W / 4⌉, 2]`.
    package var tensor: Tensor { Tensor([height, width, 2], values.flatMap { [$0.x, $0.y] }) }

    /// The shape of `tensor` for frames of a size.
    package static func shape(width: Int, height: Int) -> Shape {
        [(height + cell - 1) / cell, (width + cell - 1) / cell, 2]
    }

    /// The displacement of a pixel of the full size.
    func displacement(x: Int, y: Int) -> SIMD2<Float> {
        values[min(y / Self.cell, height - 1) * width + min(x / Self.cell, width - 1)]
    }
}
