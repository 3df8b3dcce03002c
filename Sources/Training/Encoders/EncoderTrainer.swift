import NeuralNet
import Stylization
import Tensors

/// Trains a slim encoder to carry VGG-19's features, where photographs are and where an optimiser takes pictures.
///
/// On photographs alone it would agree with VGG-19 there and nowhere else: an optimiser then finds what the encoder takes
/// for strokes and VGG-19 does not. So a part of every batch are pictures that are being optimised against the encoder as it
/// stands at that moment, and more a network's that is being trained against it (on-policy distillation). Each picture takes
/// one thread; gradients are summed in the order of the batch, so that the same bits come out for any number of threads.
package struct EncoderTrainer: Sendable {
    /// What `step` returns: the unexplained variances summed over the taps, of the whole batch and of its parts.
    package let lossNames = ["total", "photographs", "painted", "rival", "optimized"]
    private var descent: ParameterDescent
    private var optimized: OptimizedPictures
    private var rival: RivalPainter
    private let teacher: EncoderTeacher
    private let rows: ParallelRows
    private let pool: TensorPool

    /// Optimisation steps that a picture takes between two of the encoder's.
    private static let stepsATurn = 3
    private static let prefix = "rival."
    /// The greatest norm of a batch's gradient.
    private static let gradientNorm = 1.0

    /// Starts from an encoder.
    ///
    /// - Parameters:
    ///   - painter: what the rival painter begins as.
    ///   - slots: for optimised pictures; batches name them.
    ///   - side: rows and columns of the pictures.
    package init(
        _ parameters: SlimEncoderParameters, teacher: EncoderTeacher, decay: CosineDecay,
        painter: StyleNetworkParameters,
        slots: Int, side: Int, rows: ParallelRows, pool: TensorPool
    ) {
        descent = ParameterDescent(
            parameters.values, decay: decay, gradientNorm: Self.gradientNorm, matrices: SlimEncoderParameters.filters)
        optimized = OptimizedPictures(slots: slots, side: side)
        rival = RivalPainter(painter, encoder: teacher.encoder, rows: rows, pool: pool)
        self.teacher = teacher
        self.rows = rows
        self.pool = pool
    }

    /// The encoder as it is now.
    package var parameters: SlimEncoderParameters { SlimEncoderParameters(values: descent.parameters) }

    /// All that the next step depends on besides its batch. What is set has the names and shapes of what was read.
    package var state: [String: Tensor] {
        get {
            let rival = rival.state.map { (Self.prefix + $0.key, $0.value) }
            return descent.state.merging(optimized.state) { $1 }.merging(rival) { $1 }
        }
        set {
            let rivals = newValue.filter { $0.key.hasPrefix(Self.prefix) }
                .map { (String($0.key.dropFirst(Self.prefix.count)), $0.value) }
            rival.restore(Dictionary(uniqueKeysWithValues: rivals))
            descent.state = newValue
            optimized.state = newValue
        }
    }

    /// Takes a step.
    ///
    /// - Parameter number: counted from 0; only batches depend on it.
    /// - Returns: the losses where the step began, in the order of `lossNames`; of a kind that the batch lacks, 0.
    package mutating func step(_ number: Int, batch: EncoderBatch) -> [Float] {
        let (parameters, pool) = (parameters, pool)
        let encoder = parameters.encoder()
        rival.learn(batch.lesson, pleasing: encoder)
        let loss = DistillationLoss(parameters, encoder: encoder, variances: teacher.variances)
        // The longest first, so that threads end together.
        let turns = batch.optimized.map { turn -> Lesson in
            guard let picture = turn.fresh ?? optimized[turn.slot] else {
                preconditionFailure("no picture in slot \(turn.slot) at step \(number)")
            }
            return .optimized(picture)
        }
        let pictures = batch.photographs + batch.painted + rival.paint(batch.rival)
        let lessons = turns + pictures.map(Lesson.picture)
        let shares = rows.map(lessons) { [teacher] lesson in
            let serial = Workspace(rows: ParallelRows(threads: 1), pool: pool)
            var lesson = lesson
            lesson.advance(steps: Self.stepsATurn, pleasing: encoder, in: serial)
            let targets = teacher.features(of: lesson.image, in: serial)
            let (errors, gradient) = loss.evaluate(lesson.image, targets: targets, in: serial)
            return (lesson: lesson, error: errors.reduce(0, +), gradient: gradient)
        }
        var gradient = Tensor([SlimEncoderParameters.count], filledWith: 0, pool: pool)
        for share in shares { gradient.add(1 / Float(shares.count), share.gradient, rows: rows) }
        descent.step(gradient, rows: rows)
        for (turn, share) in zip(batch.optimized, shares) {
            if case .optimized(let picture) = share.lesson { optimized[turn.slot] = picture }
        }
        let errors = shares.map(\.error)
        var first = 0
        let parts = [turns.count, batch.photographs.count, batch.painted.count, batch.rival.count].map { count in
            defer { first += count }
            return count == 0 ? 0 : Float(errors[first..<first + count].reduce(0, +) / Double(count))
        }
        return [Float(errors.reduce(0, +) / Double(errors.count))] + parts[1...] + [parts[0]]
    }

    /// One share of a batch.
    private enum Lesson: Sendable {
        case picture(Tensor)
        case optimized(OptimizedPicture)

        var image: Tensor {
            switch self {
            case .picture(let image): image
            case .optimized(let picture): picture.image
            }
        }

        mutating func advance(steps: Int, pleasing encoder: PerceptualEncoder, in workspace: Workspace) {
            guard case .optimized(var picture) = self else { return }
            picture.advance(steps: steps, pleasing: encoder, in: workspace)
            self = .optimized(picture)
        }
    }
}
