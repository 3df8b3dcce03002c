import Foundation

/// A projective map of the plane, in frame pixels from the frame's centre.
package struct Homography: Sendable {
    /// The columns: what x, y and 1 are multiplied by.
    private let columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

    /// What makes up a small camera motion.
    package struct Parts: Sendable, Equatable {
        /// Pixels to the right and down.
        package var shift = SIMD2(0.0, 0.0)
        /// What lengths are multiplied by.
        package var scale = 1.0
        /// Radians, from right to down.
        package var angle = 0.0
        /// What the denominator gains for each pixel to the right and down.
        package var perspective = SIMD2(0.0, 0.0)

        /// No motion.
        package init() {}

        /// A shift alone.
        package init(shift: SIMD2<Double>) { self.shift = shift }
    }

    /// Where nothing moves.
    package static let identity = Homography(Parts())

    /// x ↦ (scale · R(angle) x + shift) / (1 + perspective · x).
    package init(_ parts: Parts) {
        let (c, s) = (parts.scale * cos(parts.angle), parts.scale * sin(parts.angle))
        columns = (
            SIMD3(c, s, parts.perspective.x), SIMD3(-s, c, parts.perspective.y), SIMD3(parts.shift.x, parts.shift.y, 1)
        )
    }

    /// First this map, then `next`.
    func followed(by next: Homography) -> Homography {
        Homography(columns: (next.moved(columns.0), next.moved(columns.1), next.moved(columns.2)))
    }

    private init(columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)) { self.columns = columns }

    /// The image of a point.
    func callAsFunction(_ x: Double, _ y: Double) -> SIMD2<Double> {
        let point = moved(SIMD3(x, y, 1))
        return SIMD2(point.x, point.y) / point.z
    }

    /// The image of a point, and how far it moves for a step of one to the right and of one down.
    func local(_ x: Double, _ y: Double) -> (place: SIMD2<Double>, right: SIMD2<Double>, down: SIMD2<Double>) {
        let point = moved(SIMD3(x, y, 1))
        let place = SIMD2(point.x, point.y) / point.z
        func slope(_ column: SIMD3<Double>) -> SIMD2<Double> {
            (SIMD2(column.x, column.y) - place * column.z) / point.z
        }
        return (place, slope(columns.0), slope(columns.1))
    }

    private func moved(_ point: SIMD3<Double>) -> SIMD3<Double> {
        columns.0 * point.x + columns.1 * point.y + columns.2 * point.z
    }
}
