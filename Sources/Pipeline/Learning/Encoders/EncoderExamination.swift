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
    private let rows: ParallelRows
    private let pool: TensorPool

    /// Steps that pictures are optimised for: most of what an optimiser reaches at this size.
    private static let steps = 80
    /// Weights of style and total variation, against content 1.
    private static let weights = (style: 6.0, variation: 2.0)

    /// Makes the pictures, `count` of each kind.
    ///
    /// - Throws: where no photograph can be read.
    init(
        _ pictures: EncoderPictures, count: Int, teacher: EncoderTeacher, seed: UInt64, rows: ParallelRows,
        pool: TensorPool
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
        try check()
        let distances = rows.map(optimized) { picture in
            let serial = ParallelRows(threads: 1)
            return StyleDistance(
                .painting(PlanarImage(picture.painting)), height: picture.painting.shape[1],
                width: picture.painting.shape[2], encoder: teacher.encoder, rows: serial, pool: pool
            ).style(of: PlanarImage(picture.image), rows: serial, pool: pool)
        }
        return EncoderFigures(
            photographs: ofPhotographs, painted: ofPainted, optimized: ofOptimized,
            styleDistance: distances.reduce(0, +) / Double(distances.count))
    }
}
