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

    /// The weight of total variation. At 2 the network covered flat areas with dots, which the slim encoder takes for strokes.
    private static let smoothness = 12.0

    /// Reads the paintings, the encoder, the base and the first pictures.
    ///
    /// - Parameter token: ends the run early, with a checkpoint.
    /// - Throws: `.usage`, `.input`, `.content` or `.output` where something cannot be used.
    public init(_ request: LearnRequest, token: CancellationToken = CancellationToken()) throws {
        self.request = request
        self.token = token
        try Self.check(request)
        files = try LearnFiles(request)
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
            pairs: PairSequence(pictures: collection, side: request.side, batch: request.batch, seed: request.seed),
            checkpoint: checkpoint, pool: pool, token: token)
        var (trainer, history, steps) = try begin(checkpoint, loop, announce)
        let waited = try loop.run(&trainer, history: &history, steps: steps, monitor: monitor)
        try write(trainer.network, history: history, recipe: recipe)
        checkpoint.remove()
        let twentieth = max(1, steps / 20)
        func mean(_ rows: some Sequence<[Float]>) -> Double {
            rows.reduce(0) { $0 + Double($1[0]) } / Double(twentieth)
        }
        return LearnSummary(
            steps: steps, seconds: monitor.snapshot.seconds, secondsWaited: waited,
            firstLoss: mean(history.rows.prefix(twentieth)), lastLoss: mean(history.rows.suffix(twentieth)),
            notes: notes)
    }

    /// A trainer at its beginning, or as a checkpoint has it, and how many steps there will be.
    private func begin(
        _ checkpoint: LearnCheckpoint, _ loop: LearnLoop, _ announce: (String) -> Void
    ) throws -> (StyleTrainer, LossHistory, Int) {
        let fresh = trainer(steps: 1)
        if request.resumes {
            let kept = try checkpoint.read(like: fresh.state, names: fresh.lossNames)
            var trainer = trainer(steps: kept.steps)
            trainer.state = kept.state
            announce("going on after step \(kept.history.rows.count) of \(kept.steps)")
            return (trainer, kept.history, kept.steps)
        }
        let steps: Int
        switch request.budget {
        case .steps(let count): steps = count
        case .seconds(let seconds):
            steps = min(try loop.steps(in: seconds, fresh), Self.mostSteps)
            announce(
                "the time is \(steps) steps on this machine; \(request.budgetOptions.steps) \(steps) gives the same file again"
            )
        }
        return (trainer(steps: steps), LossHistory(names: fresh.lossNames), steps)
    }

    private func trainer(steps: Int) -> StyleTrainer {
        StyleTrainer(
            NetworkTrainer(
                network: start.parameters, targets: targets, encoder: encoder,
                configuration: TrainingConfiguration(
                    totalVariationWeight: Self.smoothness, learningRate: start.learningRate, steps: max(1, steps),
                    styleSteps: Int(start.stylesAlone * Double(steps))),
                rows: rows,
                pool: pool))
    }

    private func write(_ network: StyleNetworkParameters, history: LossHistory, recipe: LearnRecipe) throws {
        var metadata = network.metadata.merging(recipe.metadata) { $1 }
        metadata["learned.steps"] = "\(history.rows.count)"
        for (index, style) in request.styles.enumerated() { metadata["credit.\(index)"] = style.credit?.text }
        let title = request.styles.map(\.name).joined(separator: ", ")
        try LearnFiles.write(Data(history.csv.utf8), to: files.table, overwrite: request.overwrite)
        let curve = LossCurve(history, title: "Losses while learning \(title)").svg
        try LearnFiles.write(Data(curve.utf8), to: files.curve, overwrite: request.overwrite)
        let bytes = SafetensorsFile.bytes(
            tensors: network.tensors.merging(statistics) { $1 }, metadata: metadata, halves: true,
            exact: Set(statistics.keys))
        try LearnFiles.write(bytes, to: files.output, overwrite: request.overwrite)
    }

    private var notes: [String] {
        (encoder.assumptionNote(path: request.encoder).map { [$0] } ?? []) + pictures.notes
    }

    /// Beyond it a step's number is no exact Float32, as which a checkpoint keeps it.
    private static let mostSteps = 10_000_000

    private static func check(_ request: LearnRequest) throws {
        let leastSteps = request.base == nil ? 1 : 0
        switch request.budget {
        case .steps(let steps) where !(leastSteps...mostSteps).contains(steps):
            throw BrushflowError(.usage, "\(request.budgetOptions.steps) \(steps): expected \(leastSteps)…\(mostSteps)")
        case .seconds(let seconds) where !(seconds > 0 && seconds <= 1e7):
            throw BrushflowError(.usage, "\(request.budgetOptions.time) \(seconds): expected more than 0 seconds")
        default: break
        }
        guard (32...1024).contains(request.side), request.side % 16 == 0 else {
            throw BrushflowError(.usage, "--size \(request.side): expected a multiple of 16 from 32 to 1024")
        }
        guard (1...256).contains(request.batch) else {
            throw BrushflowError(.usage, "--batch \(request.batch): expected 1…256")
        }
    }
}
