import Foundation
import OpticalFlow
import Tensors

/// An endless sequence of batches of training pairs, made from still pictures. A batch depends on the seed and its number
/// alone, so a run that resumes needs no state but the number.
package struct PairSequence: BatchSequence {
    private let pictures: any PictureCollection
    private let ranges: PairRanges
    private let side: Int
    private let batch: Int
    private let seed: UInt64

    /// Describes the sequence.
    ///
    /// - Parameters:
    ///   - side: rows and columns of the frames, at least 8.
    ///   - batch: pairs in a batch.
    package init(
        pictures: any PictureCollection, ranges: PairRanges = PairRanges(), side: Int, batch: Int, seed: UInt64
    ) {
        precondition(side >= 8 && batch >= 1 && ranges.layers <= 100, "\(batch) pairs of \(side) pixels")
        self.pictures = pictures
        self.ranges = ranges
        self.side = side
        self.batch = batch
        self.seed = seed
    }

    /// The batch of a number.
    ///
    /// - Throws: where no picture can be read any more.
    package func batch(_ number: Int, pool: TensorPool? = nil) throws -> [TrainingPair] {
        try (0..<batch).map { index in
            var random = SplitMix64(seed: seed, at: UInt64(number), UInt64(index))
            let scene = try scene(&random)
            let light = LaterLight(ranges, random: &random)
            let drift = drift(&random)
            let pair = SceneLight(ranges, random: &random)
                .lit(scene.pair(drift: drift, views: ranges.views, pool: pool))
            return light.lit(pair, random: &random)
        }
    }

    /// Pixels that the camera moves from frame to frame before the earlier one.
    private func drift(_ random: inout SplitMix64) -> SIMD2<Double> {
        var drift = Double(side) * SIMD2(often(ranges.drift, &random), often(ranges.drift, &random))
        let choice = Double(random.unit())
        if choice < ranges.straight { drift[choice < ranges.straight * 2 / 3 ? 1 : 0] = 0 }
        return drift
    }

    private func scene(_ random: inout SplitMix64) throws -> PairScene {
        let isStill = Double(random.unit()) < ranges.still
        let camera = isStill ? .identity : motion(shift: ranges.shift, perspective: ranges.perspective, &random)
        var layers = [try layer(camera, shape: nil, &random)]
        for _ in 0..<random.index(below: ranges.layers + 1) {
            let half = 0.55 * Double(side)
            let center = SIMD2(random.value(in: -half...half), random.value(in: -half...half))
            let shape = LayerShape(
                center: center, radius: random.value(in: 0.06...0.3) * Double(side),
                softness: random.value(in: 1...3), random: &random)
            // Turns and grows about its own centre, then goes with the camera.
            let own = motion(shift: ranges.layerShift, perspective: 0, &random)
            let there = Homography(.init(shift: center))
            let back = Homography(.init(shift: -center))
            let moved = camera.followed(by: back).followed(by: own).followed(by: there)
            layers.append(try layer(moved, shape: shape, &random))
        }
        return PairScene(layers: layers, side: side)
    }

    private func layer(
        _ motion: Homography, shape: LayerShape?, _ random: inout SplitMix64
    ) throws -> PairLayer {
        let picture = try pictures.picture(at: random.index(below: pictures.count))
        return PairLayer(
            picture: picture, view: PairLayer.View(of: picture, side: side, random: &random), motion: motion,
            shape: shape)
    }

    /// A motion within the ranges, small ones more often than large ones.
    private func motion(shift: Double, perspective: Double, _ random: inout SplitMix64) -> Homography {
        let length = Double(side)
        var parts = Homography.Parts(shift: length * SIMD2(often(shift, &random), often(shift, &random)))
        parts.scale += often(ranges.zoom, &random)
        parts.angle = often(ranges.rotation, &random)
        parts.perspective = 2 / length * SIMD2(often(perspective, &random), often(perspective, &random))
        return Homography(parts)
    }

    /// A value up to `most` on either side, small ones more often than large ones.
    private func often(_ most: Double, _ random: inout SplitMix64) -> Double {
        let value = random.value(in: -1...1)
        return value * abs(value) * most
    }
}
