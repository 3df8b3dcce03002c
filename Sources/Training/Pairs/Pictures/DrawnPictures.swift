import Foundation
import Tensors

/// Pictures drawn from a seed, for where there are no photographs: leaves of all sizes fall on one another, shaded and
/// grained, which gives edges, sizes and occlusions the statistics that photographs have ("dead leaves"; Lee, Mumford and
/// Huang 2001).
package struct DrawnPictures: PictureCollection {
    package let count: Int
    private let seed: UInt64
    private let side: Int
    private let cache: PictureCache

    /// The radii of leaves as shares of the side.
    private static let radii = (least: 0.012, most: 0.4)
    private static let leaves = 260

    /// Describes `count` pictures of `side`×`side` pixels; each is drawn when it is first asked for.
    package init(count: Int = 64, side: Int = 384, seed: UInt64) {
        precondition(count >= 1 && side >= 16, "\(count) pictures of \(side) pixels")
        self.count = count
        self.side = side
        self.seed = seed
        cache = PictureCache(capacity: count * side * side * MemoryLayout<SIMD4<UInt8>>.stride)
    }

    package func picture(at index: Int) -> TrainingPicture {
        cache.picture(at: index) {
            var random = SplitMix64(seed: seed, at: UInt64(index))
            return draw(&random)
        }
    }

    private func draw(_ random: inout SplitMix64) -> TrainingPicture {
        let palette = (0..<5).map { _ in Self.colour(&random) }
        let grain = GrainSheet(random: &random)
        var colours = [SIMD4<Float>](repeating: .zero, count: side * side)
        let ground = Leaf(palette: palette, side: side, random: &random)
        for place in colours.indices { colours[place] = ground.colour(place % side, place / side, grain) }
        for _ in 0..<Self.leaves {
            // Numbers fall with the cube of the radius, as seen from afar (Lee et al.).
            let (low, high) = (1 / (Self.radii.least * Self.radii.least), 1 / (Self.radii.most * Self.radii.most))
            let radius = Double(side) / random.value(in: high...low).squareRoot()
            let center = SIMD2(random.value(in: 0...Double(side)), random.value(in: 0...Double(side)))
            let softness = random.unit() < 0.8 ? 1.2 : random.value(in: 2...8)
            let shape = LayerShape(center: center, radius: radius, softness: softness, random: &random)
            let leaf = Leaf(palette: palette, side: side, random: &random)
            fill(&colours, shape, leaf, grain)
        }
        return TrainingPicture(width: side, height: side, colours: colours)
    }

    private func fill(_ colours: inout [SIMD4<Float>], _ shape: LayerShape, _ leaf: Leaf, _ grain: GrainSheet) {
        func span(_ middle: Double) -> Range<Int> {
            let low = max(0, Int(middle - shape.reach))
            return low..<max(low, min(side, Int(middle + shape.reach) + 2))
        }
        for y in span(shape.center.y) {
            for x in span(shape.center.x) {
                let coverage = Float(shape.coverage(Double(x), Double(y)))
                if coverage == 0 { continue }
                let below = colours[y * side + x]
                colours[y * side + x] = below + coverage * (leaf.colour(x, y, grain) - below)
            }
        }
    }

    /// Seldom saturated, as most of what is photographed.
    private static func colour(_ random: inout SplitMix64) -> SIMD4<Float> {
        let grey = Float(random.value(in: 0.08...0.92))
        let saturation = random.unit() * random.unit() * 0.8
        let hue = SIMD4(random.unit(), random.unit(), random.unit(), 0) - SIMD4(0.5, 0.5, 0.5, 0)
        return SIMD4(repeating: grey) + saturation * hue
    }

    /// A leaf's colour: one of the palette's, changed a little, with a slope of light and a grain.
    private struct Leaf {
        private let colour: SIMD4<Float>
        private let slope: SIMD2<Float>
        private let contrast: Float
        private let scale: SIMD2<Float>
        private let offset: Int

        init(palette: [SIMD4<Float>], side: Int, random: inout SplitMix64) {
            let change = Float(random.value(in: -0.15...0.15))
            colour = palette[random.index(below: palette.count)] + change
            let light = Float(random.value(in: 0...0.5)) / Float(side)
            let angle = random.value(in: 0...2 * .pi)
            slope = light * SIMD2(Float(cos(angle)), Float(sin(angle)))
            contrast = random.unit() * random.unit() * 0.5
            scale = SIMD2(Float(random.value(in: 0.3...1.5)), Float(random.value(in: 0.3...1.5)))
            offset = random.index(below: GrainSheet.side)
        }

        func colour(_ x: Int, _ y: Int, _ grain: GrainSheet) -> SIMD4<Float> {
            let (right, down) = (Float(x), Float(y))
            let light = slope.x * right + slope.y * down
            return colour + light + contrast * grain.value(Int(right * scale.x) + offset, Int(down * scale.y))
        }
    }
}
