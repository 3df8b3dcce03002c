import Foundation
import NeuralNet
import Stylization
import Tensors
import Training

/// Learns paintings: trains a style network on pairs of frames and writes it.
///
/// Everything that can be wrong about the request is found by `init`, before the first step.
public struct LearnJob: Sendable {
    private let request: LearnRequest
    private let token: CancellationToken
    private let files: LearnFiles
    private let encoder: PerceptualEncoder
    private let targets: [StyleTarget]
    /// What the slim encoder says of the paintings, for the network's file.
    private let statistics: [String: Tensor]
    private let pictures: LearningPictures
    private let start: StartingNetwork
    private let rows: ParallelRows
    private let pool = TensorPool(capacity: 2 << 30)

    /// Rows and columns of a square with the area that paintings are learned at: strokes have the size that they have there.
    private static let styleSide = 384

    /// Reads the paintings, the encoder, the base and the first pictures.
    ///
    /// - Parameter token: ends the run early, with a checkpoint.
    /// - Throws: `.usage`, `.input`, `.content` or `.output` where something cannot be used.
    public init(_ request: LearnRequest, token: CancellationToken = CancellationToken()) throws {
        self.request = request
        self.token = token
        try request.check(startsFromSomething: request.base != nil)
        files = try LearnFiles(request, what: "a learned style")
        rows = ThreadBudget(total: request.threads).rows
        let encoder = try request.encoder.map { try PerceptualEncoder.load(path: $0) } ?? .slim()
        self.encoder = encoder
        let workspace = Workspace(rows: rows, pool: pool)
        let paintings = try request.styles.map { try StylePicture.read($0.path, rows: workspace.rows) }
        targets = paintings.map { Self.target($0, encoder, in: workspace) }
        let slim = try encoder.isSlim ? encoder : .slim()
        statistics = StyleTarget.tensors(
            of: encoder.isSlim ? targets : paintings.map { Self.target($0, slim, in: workspace) }, encoder: slim)
        pictures = try LearningPictures(path: request.photographs, seed: request.seed, threads: rows.threads)
        let names = request.styles.map(\.name)
        if let base = request.base {
            start = try StartingNetwork(
                base.file(), names: names, targets: targets, encoder: encoder, side: request.side, seed: request.seed,
                in: workspace)
        } else {
            start = StartingNetwork(names: names, seed: request.seed)
        }
    }

    private static func target(
        _ painting: PlanarImage, _ encoder: PerceptualEncoder, in workspace: Workspace
    ) -> StyleTarget {
        StyleTarget(
            painting: painting, height: styleSide, width: styleSide, scale: 1, statistics: .gram, encoder: encoder,
            rows: workspace.rows, pool: workspace.pool)
    }

    /// Learns and writes the network, the table of the losses and their picture.
    ///
    /// - Parameter announce: is told what the run turns out to be, a sentence each.
    /// - Throws: where the token was cancelled, `.interrupted` or `.terminated`, after the checkpoint was written; as
    ///   `LearnLoop`; `.output`.
    public func run(
        monitor: RunMonitor = RunMonitor(), announce: (String) -> Void = { _ in }
    ) throws -> LearnSummary {
        let collection = pictures.collection
        let recipe = LearnRecipe(request, pictures: collection.count)
        let checkpoint = LearnCheckpoint(path: files.checkpoint, recipe: recipe)
        let loop = LearnLoop(
            batches: PairSequence(
                pictures: collection, ranges: pictures.ranges, side: request.side, batch: request.batch,
                seed: request.seed),
            checkpoint: checkpoint, pool: pool, token: token)
        var (trainer, history, steps) = try loop.begin(request, announce: announce, trainer)
        let waited = try loop.run(&trainer, history: &history, steps: steps, monitor: monitor)
        try write(trainer.network, history: history, recipe: recipe)
        checkpoint.remove()
        let ends = history.ends
        return LearnSummary(
            steps: steps, seconds: monitor.snapshot.seconds, secondsWaited: waited, firstLoss: ends.first,
            lastLoss: ends.last, notes: notes)
    }

    private func trainer(steps: Int) -> StyleTrainer {
        StyleTrainer(
            NetworkTrainer(
                network: start.parameters, targets: targets, encoder: encoder,
                configuration: TrainingConfiguration(
                    contentWeight: pictures.content, totalVariationWeight: pictures.smoothness,
                    consistencyWeight: pictures.consistency, learningRate: start.learningRate, steps: steps,
                    repeats: pictures.repeats, reach: pictures.reach, firstWeight: pictures.firstWeight,
                    styleSteps: Int(start.stylesAlone * Double(steps))),
                rows: rows, pool: pool))
    }

    private func write(_ network: StyleNetworkParameters, history: LossHistory, recipe: LearnRecipe) throws {
        var metadata = network.metadata.merging(recipe.metadata) { $1 }
        metadata["learned.steps"] = "\(history.rows.count)"
        for (index, style) in request.styles.enumerated() { metadata["credit.\(index)"] = style.credit?.text }
        let title = request.styles.map(\.name).joined(separator: ", ")
        let bytes = SafetensorsFile.bytes(
            tensors: network.tensors.merging(statistics) { $1 }, metadata: metadata, halves: true,
            exact: Set(statistics.keys))
        try files.write(bytes, history: history, title: "Losses while learning \(title)")
    }

    private var notes: [String] {
        (encoder.assumptionNote(path: request.encoder).map { [$0] } ?? []) + pictures.notes
    }
}
