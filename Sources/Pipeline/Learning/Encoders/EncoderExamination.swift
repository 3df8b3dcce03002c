import Foundation
import NeuralNet
import Stylization
import Tensors
import Training

/// Examines slim encoders with the same pictures.
struct EncoderExamination: Sendable {
    private let teacher: EncoderTeacher
    private let photographs: [Tensor]
    private let painted: [Tensor]
    private let begun: [OptimizedPicture]
    private let lessons: [RivalPainter.Lesson]
    private let painter: StyleNetworkParameters
    private let rows: ParallelRows
    private let pool: TensorPool

    /// Steps that pictures are optimised for: most of what an optimiser reaches at this size.
    private static let steps = 80
    /// Steps that a network is trained for, some in each of its styles.
    private static let rivalSteps = 120
    /// Weights of style and total variation, against content 1.
    private static let weights = (style: 6.0, variation: 2.0)

    /// Makes the pictures, `count` of each kind.
    ///
    /// - Throws: where no photograph can be read.
    init(
        _ pictures: EncoderPictures, count: Int, painter: StyleNetworkParameters, teacher: EncoderTeacher, seed: UInt64,
        rows: ParallelRows, pool: TensorPool
    ) throws {
        func each<Picture>(_ kind: UInt64, _ make: (inout SplitMix64) throws -> Picture) rethrows -> [Picture] {
            try (0..<count).map { index in
                var random = SplitMix64(seed: seed, at: UInt64.max, kind, UInt64(index))
                return try make(&random)
            }
        }
        photographs = try each(10) { try pictures.photograph(&$0, pool: pool) }
        painted = try each(11) { try pictures.painted(&$0, pool: pool) }
        begun = try each(12) { random in
            let picture = try pictures.begun(&random, pool: pool)
            return OptimizedPicture(
                image: picture.content, content: picture.content, painting: picture.painting,
                styleWeight: Self.weights.style, variationWeight: Self.weights.variation)
        }
        lessons = try (0..<Self.rivalSteps).map { try pictures.lesson($0, seed: seed, pool: pool) }
        self.painter = painter
        self.teacher = teacher
        self.rows = rows
        self.pool = pool
    }

    /// The figures of an encoder.
    ///
    /// - Parameter check: is called between parts of the work.
    /// - Throws: what `check` throws.
    func figures(
        of parameters: SlimEncoderParameters, check: () throws -> Void = {}
    ) rethrows -> EncoderFigures {
        let encoder = parameters.encoder()
        let loss = DistillationLoss(parameters, encoder: encoder, variances: teacher.variances)
        let (teacher, pool) = (teacher, pool)
        func mean(_ pictures: [Tensor]) throws -> [Double] {
            try check()
            let errors = rows.map(pictures) { picture in
                let serial = Workspace(rows: ParallelRows(threads: 1), pool: pool)
                return loss.errors(of: picture, targets: teacher.features(of: picture, in: serial), in: serial)
            }
            return (0..<SlimEncoderParameters.taps).map { tap in
                errors.reduce(0) { $0 + $1[tap] } / Double(errors.count)
            }
        }
        let ofPhotographs = try mean(photographs)
        let ofPainted = try mean(painted)
        try check()
        let optimized = rows.map(begun) { picture in
            var picture = picture
            let serial = Workspace(rows: ParallelRows(threads: 1), pool: pool)
            picture.advance(steps: Self.steps, pleasing: encoder, in: serial)
            return picture
        }
        let ofOptimized = try mean(optimized.map(\.image))
        var rival = RivalPainter(painter, encoder: encoder, rows: rows, pool: pool)
        for lesson in lessons {
            try check()
            rival.learn(lesson, pleasing: encoder)
        }
        let paintedByRival = rival.paint(photographs)
        let ofRival = try mean(paintedByRival)
        try check()
        // The last part of each style's painting stands for it.
        let references = paintedByRival.indices.map {
            lessons[Self.rivalSteps - RivalPainter.styles + $0 % RivalPainter.styles]
        }
        return EncoderFigures(
            photographs: ofPhotographs, painted: ofPainted, rival: ofRival, optimized: ofOptimized,
            optimizedStyleDistance: distance(optimized.map { ($0.image, $0.painting) }),
            rivalStyleDistance: distance(zip(paintedByRival, references).map { ($0, $1.painting) }))
    }

    /// The geometric mean of the teacher's style distances between pictures and paintings.
    private func distance(_ pairs: [(Tensor, Tensor)]) -> Double {
        let (encoder, pool) = (teacher.encoder, pool)
        let logarithms = rows.map(pairs) { picture, painting in
            let serial = ParallelRows(threads: 1)
            let target = StyleTarget(
                painting: PlanarImage(painting), height: painting.shape[1], width: painting.shape[2], scale: 1,
                statistics: .gram, encoder: encoder, rows: serial, pool: pool)
            let layers = target.losses.prefix(SlimEncoderParameters.taps)
            let features = encoder.evaluate(picture, taps: Set(layers.map(\.tap)), rows: serial, pool: pool).features
            let distance = layers.reduce(0) { sum, layer in
                guard let features = features[layer.tap] else { return sum }
                return sum
                    + layer.loss.value(of: FeatureStatistics(features, kind: .gram, rows: serial, pool: pool))
            }
            return log(max(distance, 1e-12))
        }
        return exp(logarithms.reduce(0, +) / Double(logarithms.count))
    }
}
