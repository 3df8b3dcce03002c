import Foundation
import NeuralNet
import Stylization
import Tensors
import Training

/// Trains a slim encoder to carry VGG-19's features and writes it, with the figures that it reaches.
///
/// What is wrong about the request is found by `init`, before the first step.
public struct EncoderLearnJob: Sendable {
    private let request: EncoderLearnRequest
    private let token: CancellationToken
    private let files: LearnFiles
    private let vgg: PerceptualEncoder
    private let start: SlimEncoderParameters
    private let photographs: PhotographLibrary
    private let paintings: PhotographLibrary?
    private let painter: StyleNetworkParameters
    private let rows: ParallelRows
    private let pool = TensorPool(capacity: 2 << 30)

    /// Pictures that the teacher's features are measured on.
    private static let measured = 64
    /// Pictures of each kind that encoders are examined with, at most; of small batches two.
    private static let examined = 24

    /// Reads VGG-19, the encoder to start from, and the first pictures.
    ///
    /// - Parameter token: ends the run early, with a checkpoint.
    /// - Throws: `.usage`, `.input`, `.content` or `.output` where something cannot be used.
    public init(_ request: EncoderLearnRequest, token: CancellationToken = CancellationToken()) throws {
        self.request = request
        self.token = token
        try request.check(startsFromSomething: request.base != nil)
        guard request.batch % 4 == 0 else {
            throw BrushflowError(
                .usage,
                "--batch \(request.batch): expected a multiple of 4: a quarter photographs, half painted, a quarter "
                    + "optimised pictures")
        }
        files = try LearnFiles(request, what: "a slim encoder")
        rows = ThreadBudget(total: request.threads).rows
        photographs = try Self.library(request.photographs, option: "--photos")
        guard photographs.count >= 2 else {
            throw BrushflowError(
                .content,
                "\(request.photographs): holds one photograph; give at least two, one to learn from and one to examine "
                    + "the encoder with")
        }
        paintings = try request.paintings.map { try Self.library($0, option: "--paintings") }
        start =
            switch request.base {
            case .bundled: try .bundled()
            case .file(let path): try SlimEncoderParameters(SafetensorsFile.read(path: path))
            case nil: SlimEncoderParameters(seed: request.seed)
            }
        vgg = try Self.teacher(request.encoder)
        painter = try StyleNetworkParameters.load(try BundledStyles.file())
    }

    private static func teacher(_ path: String) throws -> PerceptualEncoder {
        let encoder = try PerceptualEncoder.load(path: path)
        guard !encoder.isSlim else {
            throw BrushflowError(
                .content,
                "\(path): is a slim encoder itself; give VGG-19 to learn one, or a --style to learn with this one")
        }
        return encoder
    }

    private static func library(_ path: String, option: String) throws -> PhotographLibrary {
        guard case .directory = try InputKind(path: path) else {
            throw BrushflowError(.usage, "\(option) \(path): is no directory; an encoder is learned from directories")
        }
        return try PhotographLibrary(directory: path, remedy: "give another directory with \(option)")
    }

    /// Learns and writes the encoder, the table of the losses and their picture.
    ///
    /// - Parameter announce: is told what the run turns out to be, a sentence each.
    /// - Throws: where the token was cancelled, `.interrupted` or `.terminated`, after the checkpoint was written; as
    ///   `LearnLoop`; `.output`.
    public func run(
        monitor: RunMonitor = RunMonitor(), announce: (String) -> Void = { _ in }
    ) throws -> EncoderLearnSummary {
        let recipe = LearnRecipe(request, pictures: photographs.count, paintings: paintings?.count ?? 0)
        let checkpoint = LearnCheckpoint(path: files.checkpoint, recipe: recipe)
        let last = photographs.count - max(1, photographs.count / 20)
        let (learned, heldOut) = (pictures(0..<last), pictures(last..<photographs.count))
        let teacher = try EncoderTeacher(
            vgg, path: request.encoder, photographs: try measured(learned), rows: rows, pool: pool)
        let start = teacher.rescaled(start)
        let examination = try EncoderExamination(
            heldOut, count: min(Self.examined, 2 * request.batch), painter: painter, teacher: teacher,
            seed: request.seed, rows: rows,
            pool: pool)
        let before = try examination.figures(of: start, check: token.check)
        announce("at the beginning, unexplained: \(before.text)")
        let batches = EncoderBatches(learned, batch: request.batch, seed: request.seed)
        let loop = LearnLoop(batches: batches, checkpoint: checkpoint, pool: pool, token: token)
        var (trainer, history, steps) = try loop.begin(request, announce: announce) { steps in
            EncoderTrainer(
                start, teacher: teacher,
                decay: CosineDecay(start: request.base == nil ? 2e-3 : 1e-3, steps: steps, rise: min(200, steps / 20)),
                painter: painter, slots: batches.slots, side: request.side, rows: rows, pool: pool)
        }
        let waited = try loop.run(&trainer, history: &history, steps: steps, monitor: monitor)
        let seconds = monitor.snapshot.seconds
        let after = steps == 0 ? before : try examination.figures(of: trainer.parameters, check: token.check)
        try write(trainer.parameters, before: before, after: after, history: history, recipe: recipe)
        checkpoint.remove()
        return EncoderLearnSummary(
            steps: steps, seconds: seconds, secondsWaited: waited, before: before, after: after,
            notes: photographs.notes + (paintings?.notes ?? []))
    }

    private func pictures(_ range: Range<Int>) -> EncoderPictures {
        let photographs = PictureRange(photographs, range)
        return EncoderPictures(
            photographs: photographs, paintings: paintings ?? photographs, painter: StyleNetwork(painter),
            side: request.side)
    }

    private func measured(_ pictures: EncoderPictures) throws -> [Tensor] {
        var random = SplitMix64(seed: request.seed)
        return try (0..<Self.measured).map { _ in try pictures.photograph(&random, pool: pool) }
    }

    private func write(
        _ parameters: SlimEncoderParameters, before: EncoderFigures, after: EncoderFigures, history: LossHistory,
        recipe: LearnRecipe
    ) throws {
        var metadata = SlimEncoderParameters.metadata.merging(recipe.metadata) { $1 }
        metadata["learned.steps"] = "\(history.rows.count)"
        metadata["unexplained_variance"] = after.text
        metadata["unexplained_variance.start"] = before.text
        try files.write(
            SafetensorsFile.bytes(tensors: parameters.tensors, metadata: metadata), history: history,
            title: "Unexplained variance while learning an encoder")
    }
}
