import Tensors

/// Decides whether a frame begins a new shot: whether the frame before, moved along the flow, fails to explain it.
///
/// At a size of at most 160 pixels, each block of 8×8 of frame t is correlated with the previous frame moved along the
/// backward flow. Correlation does not mind a change of brightness or contrast, so flashes and fades are no cuts; the
/// flow follows fast motion; and what is left is the part of the picture's structure that has no origin.
package struct SceneCut: Sendable, Equatable {
    /// The settings of the decision.
    package struct Configuration: Sendable, Equatable {
        /// The share of unexplained structure, 0…1, above which a frame begins a new shot.
        package var threshold = 0.4

        /// The defaults.
        package init() {}
    }

    /// The share of the picture's structure that the previous frame does not explain, 0…1; 0 where neither frame has
    /// any structure.
    package let unexplained: Double

    /// Measures frame t against frame t−1.
    ///
    /// - Parameter flow: from `current` into `previous`, at full size.
    package init(current: GreyPyramid, previous: GreyPyramid, flow: FlowField) {
        precondition(
            current.width == flow.width && current.height == flow.height && previous.width == flow.width
                && previous.height == flow.height,
            "pyramids of \(current.width)×\(current.height) and \(previous.width)×\(previous.height), "
                + "flow \(flow.tensor.shape)"
        )
        var scale = 0
        let scales = min(current.levels.count, previous.levels.count)
        while scale + 1 < scales && max(flow.width, flow.height) >> scale > Self.longestSide { scale += 1 }
        let now = current.levels[scale]
        let then = previous.levels[scale]
        var lost = 0.0
        var total = 0.0
        flow.tensor.withFloats { components in
            for top in stride(from: 0, to: now.height, by: Self.block) {
                for left in stride(from: 0, to: now.width, by: Self.block) {
                    var moments = Moments()
                    for y in top..<min(top + Self.block, now.height) {
                        for x in left..<min(left + Self.block, now.width) {
                            let full =
                                Self.center(y, scale, flow.height) * flow.width
                                + Self.center(x, scale, flow.width)
                            let u = components[full] / Float(1 << scale)
                            let v = components[flow.width * flow.height + full] / Float(1 << scale)
                            let moved = Self.sample(then, x: Float(x) + u, y: Float(y) + v)
                            moments.add(Double(now.row(y)[x]), Double(moved))
                        }
                    }
                    let structure = moments.structure(noise: Self.noise)
                    lost += structure.weight * (1 - structure.correlation)
                    total += structure.weight
                }
            }
        }
        unexplained = total > 0 ? lost / total : 0
    }

    /// Whether frame t begins a new shot.
    package func isCut(_ configuration: Configuration = Configuration()) -> Bool {
        unexplained > configuration.threshold
    }

    private static let longestSide = 160
    private static let block = 8
    /// Variance that is taken for noise, grey levels squared.
    private static let noise = 9.0

    /// The full-size pixel nearest to the centre of pixel `i` of a level.
    private static func center(_ i: Int, _ scale: Int, _ extent: Int) -> Int {
        min((i << scale) + (1 << scale) / 2, extent - 1)
    }

    private static func sample(_ plane: PaddedPlane, x: Float, y: Float) -> Float {
        let x = max(0, min(x, Float(plane.width - 1)))
        let y = max(0, min(y, Float(plane.height - 1)))
        let (column, row) = (Int(x), Int(y))
        let (fx, fy) = (x - Float(column), y - Float(row))
        let top = plane.row(row) + column
        let bottom = top + plane.stride
        let above = top[0] + fx * (top[1] - top[0])
        let below = bottom[0] + fx * (bottom[1] - bottom[0])
        return above + fy * (below - above)
    }

    /// Sums over the pixels of a block of two pictures.
    private struct Moments {
        private var count = 0.0
        private var a = 0.0
        private var b = 0.0
        private var aa = 0.0
        private var bb = 0.0
        private var ab = 0.0

        mutating func add(_ x: Double, _ y: Double) {
            count += 1
            a += x
            b += y
            aa += x * x
            bb += y * y
            ab += x * y
        }

        /// The correlation of the two, 0…1, where variance below `noise` counts as alike, and how much structure
        /// there is, 0…1.
        func structure(noise: Double) -> (correlation: Double, weight: Double) {
            let varianceA = max(0, aa / count - a / count * (a / count))
            let varianceB = max(0, bb / count - b / count * (b / count))
            let covariance = ab / count - a / count * (b / count)
            let spread = ((varianceA + noise) * (varianceB + noise)).squareRoot()
            let most = max(varianceA, varianceB)
            return (min(max(0, (covariance + noise) / spread), 1), most / (most + 4 * noise))
        }
    }
}
