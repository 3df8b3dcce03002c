import Foundation
import Tensors

/// A random closed outline with a soft edge: a circle whose radius waves with the angle, stretched.
package struct LayerShape: Sendable {
    /// Pixels.
    let center: SIMD2<Double>
    /// How far it can reach from its centre, its edge included.
    let reach: Double
    private let radii: [Double]
    private let axis: SIMD2<Double>
    private let stretch: Double
    private let softness: Double

    /// The number of directions that the radius is kept for.
    private static let directions = 256

    /// Draws an outline.
    ///
    /// - Parameters:
    ///   - radius: of the circle, in pixels.
    ///   - softness: the edge's width in pixels, above 0.
    package init(center: SIMD2<Double>, radius: Double, softness: Double, random: inout SplitMix64) {
        let waves = (2...5).map { k in
            (
                count: Double(k), height: random.value(in: 0...0.5) / Double(k),
                phase: random.value(in: 0...2 * .pi)
            )
        }
        let angle = random.value(in: 0...2 * .pi)
        let (stretch, softness) = (random.value(in: 1...1.8), softness)
        radii = (0...Self.directions).map { index in
            let direction = 2 * Double.pi * Double(index) / Double(Self.directions)
            return radius * waves.reduce(1) { $0 + $1.height * cos($1.count * direction + $1.phase) }
        }
        axis = SIMD2(cos(angle), sin(angle))
        self.center = center
        self.stretch = stretch
        self.softness = softness
        reach = (radii.max() ?? radius) * stretch + softness
    }

    /// How much of a place it covers, 0…1; exactly 0 outside its edge and 1 inside.
    func coverage(_ x: Double, _ y: Double) -> Double {
        let (dx, dy) = (x - center.x, y - center.y)
        guard dx * dx + dy * dy < reach * reach else { return 0 }
        let along = (dx * axis.x + dy * axis.y) / stretch
        let across = (dy * axis.x - dx * axis.y) * stretch.squareRoot()
        let direction = (atan2(across, along) / (2 * .pi) + 1) * Double(Self.directions)
        let index = Int(direction) % Self.directions
        let between = direction - direction.rounded(.down)
        let radius = radii[index] + between * (radii[index + 1] - radii[index])
        let inside = (radius - (along * along + across * across).squareRoot()) / softness + 0.5
        guard inside > 0 else { return 0 }
        return inside < 1 ? inside * inside * (3 - 2 * inside) : 1
    }
}
