import Foundation
import NeuralNet
import Tensors

/// Makes the pictures that an encoder is trained on and examined with, all `[3, side, side]`.
package struct EncoderPictures: Sendable {
    /// Rows and columns.
    package let side: Int
    private let photographs: any PictureCollection
    private let paintings: any PictureCollection
    private let painter: StyleNetwork
    private let pairs: PairSequence

    private static let seedOfPairs: UInt64 = 0x5EED

    /// Names the sources.
    ///
    /// - Parameters:
    ///   - paintings: what optimised pictures shall look like.
    ///   - painter: a network of our own form.
    package init(
        photographs: any PictureCollection, paintings: any PictureCollection, painter: StyleNetwork, side: Int
    ) {
        precondition(side >= 16 && !painter.styles.isEmpty, "\(side) pixels, \(painter.styles.count) styles")
        self.photographs = photographs
        self.paintings = paintings
        self.painter = painter
        self.side = side
        var ranges = PairRanges()
        ranges.views = 0
        pairs = PairSequence(pictures: photographs, ranges: ranges, side: side, batch: 2, seed: Self.seedOfPairs)
    }

    /// What a rival painter learns from at a step; its paintings are those of its life, seeded by `seed`.
    ///
    /// - Parameter step: counted from 0 over all lives.
    package func lesson(_ step: Int, seed: UInt64, pool: TensorPool?) throws -> RivalPainter.Lesson {
        let (life, style) = (step / RivalPainter.life, step % RivalPainter.styles)
        var painting = SplitMix64(seed: seed, at: UInt64(life), UInt64(style))
        var part = SplitMix64(seed: seed, at: UInt64(step))
        return RivalPainter.Lesson(
            isFresh: step % RivalPainter.life == 0, pairs: try pairs.batch(step, pool: pool), style: style,
            painting: try paintings.picture(at: painting.index(below: paintings.count)).crop(
                side: side, random: &part, pool: pool))
    }

    /// Part of a photograph.
    package func photograph(_ random: inout SplitMix64, pool: TensorPool?) throws -> Tensor {
        try Self.crop(photographs, side: side, &random, pool: pool)
    }

    /// Part of a photograph, or one time in four of a painting, brighter or darker, and one time in ten noisy.
    package func varied(_ random: inout SplitMix64, pool: TensorPool?) throws -> Tensor {
        let isPainting = random.unit() < 0.25
        var picture = try Self.crop(isPainting ? paintings : photographs, side: side, &random, pool: pool)
        let exponent = Float(random.value(in: 0.6...1.4))
        let noise: Float = random.unit() < 0.1 ? 0.15 : 0
        picture.withMutableFloats { values in
            for index in values.indices {
                var value = pow(values[index], exponent)
                if noise > 0 { value += noise * random.normal() }
                values[index] = min(max(value, 0), 1)
            }
        }
        return picture
    }

    /// Part of a photograph, painted by the network in any of its styles.
    package func painted(_ random: inout SplitMix64, pool: TensorPool?) throws -> Tensor {
        let photograph = try photograph(&random, pool: pool)
        let style = painter.styles[random.index(below: painter.styles.count)]
        return painter.paint(first: photograph, style: style, pool: pool)
    }

    /// A picture to be optimised, from part of a photograph, or noise over it, and part of a painting.
    package func begun(_ random: inout SplitMix64, pool: TensorPool?) throws -> OptimizedPicture {
        let content = try photograph(&random, pool: pool)
        let painting = try Self.crop(paintings, side: side, &random, pool: pool)
        let styleWeight = pow(10, random.value(in: -0.3...1.5))
        let variationWeight = random.unit() < 0.5 ? 0 : pow(10, random.value(in: -0.3...1))
        var image = content
        if random.unit() < 0.2 {
            image.withMutableFloats { values in
                for index in values.indices { values[index] = 0.3 * values[index] + 0.7 * random.unit() }
            }
        }
        return OptimizedPicture(
            image: image, content: content, painting: painting, styleWeight: Double(Float(styleWeight)),
            variationWeight: Double(Float(variationWeight)))
    }

    private static func crop(
        _ pictures: any PictureCollection, side: Int, _ random: inout SplitMix64, pool: TensorPool?
    ) throws -> Tensor {
        try pictures.picture(at: random.index(below: pictures.count)).crop(side: side, random: &random, pool: pool)
    }
}
