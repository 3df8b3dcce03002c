import Foundation
import Tensors

/// Learns the image that a run is to be painted in, so that a network can paint it: from the network that ships, on frames
/// of the whole clip. What was learned before is taken from `FittedStyleCache`.
public struct FittingJob: Sendable {
    /// What came of it.
    public struct Summary: Sendable, Equatable {
        /// The network's file.
        public var path: String
        /// The steps that it was learned in; nil where it was known.
        public var steps: Int?
        /// What a user should know, a sentence each.
        public var notes: [String]
    }

    private let image: String
    private let request: StylizeRequest
    private let token: CancellationToken
    private let budget: LearnRequest.Budget
    private let bytes: Data
    private let key: String
    private let cache: FittedStyleCache

    /// About a minute on two cores.
    public static let usualSteps = 275

    /// Rows and columns of the training frames, and pairs a step: in the same time four pairs of 128 came less near to the
    /// style of whole frames, as did two of 256.
    private static let (side, batch) = (192, 2)

    /// Reads the image and looks at the clip.
    ///
    /// - Returns: nil where the run's style needs no learning.
    /// - Throws: as `StyleSource`; `.input` where the image or the clip cannot be read; `.usage` where the budget is out of
    ///   range, or is given for a style that is not learned.
    public init?(
        _ request: StylizeRequest, token: CancellationToken = CancellationToken(),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let source = try request.style?.single.map { try StyleSource($0, request.configuration) }
        guard case .painting(let image)? = source, try Self.isLearned(image, request) else {
            guard request.learning == nil else {
                throw BrushflowError(
                    .usage,
                    "--learn-steps and --learn-time are for an image that a network is to paint; leave them out for "
                        + "'\(request.style?.description ?? "none")'")
            }
            return nil
        }
        _ = try StylePicture.read(image, rows: ThreadBudget(total: request.threads).rows)
        self.image = image
        self.request = request
        self.token = token
        budget = request.learning ?? .steps(Self.usualSteps)
        bytes = try StyleCatalogue.drawn(image) ?? Self.bytes(of: image)
        cache = FittedStyleCache(environment: environment)
        key = try FittingKey.word(
            style: bytes, input: request.input, budget: budget, seed: request.seed, base: BundledStyles.bytes)
    }

    /// Whether an image is to be learned: where a network is asked for, and where nothing is asked for, an image of the user's
    /// for anything but a single picture, which an optimiser paints in less time. Drawn styles that ship are the
    /// optimiser's.
    private static func isLearned(_ image: String, _ request: StylizeRequest) throws -> Bool {
        switch request.configuration.engine {
        case .network: true
        case .optimize: false
        case nil: try StyleCatalogue.drawn(image) == nil && InputKind(path: request.input) != .still
        }
    }

    private static func bytes(of image: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: image))
        } catch {
            throw BrushflowError(.input, "\(image): cannot be read")
        }
    }

    /// A style that costs as much, for a plan of a run that is not begun.
    public var standIn: String { StyleCatalogue.entries[0].name }

    /// Learns, or finds what was learned before.
    ///
    /// - Parameter announce: is told what the run turns out to be, a sentence each.
    /// - Throws: as `LearnJob`; `.output` where the network cannot be kept.
    public func run(
        monitor: RunMonitor = RunMonitor(), announce: (String) -> Void = { _ in }
    ) throws -> Summary {
        let (known, damaged) = cache.find(key)
        let notes = damaged > 0 ? ["\(cache.directory): what was kept of '\(image)' was damaged"] : []
        if let known { return Summary(path: known, steps: nil, notes: notes) }
        for note in notes { announce("\(note); it is learned again") }
        let (path, summary) = try cache.keep(key) { output in
            let copy = (output as NSString).deletingPathExtension + ".image"
            try LearnFiles.write(bytes, to: copy)
            var learning = LearnRequest(styles: [try LearnStyle(argument: "style=\(copy)")], output: output)
            learning.photographs = request.input
            learning.budget = budget
            (learning.side, learning.batch) = (Self.side, Self.batch)
            learning.base = .bundled
            (learning.seed, learning.threads) = (request.seed, request.threads)
            learning.budgetOptions = (steps: "--learn-steps", time: "--learn-time")
            return try LearnJob(learning, token: token).run(monitor: monitor, announce: announce)
        }
        return Summary(path: path, steps: summary.steps, notes: notes + summary.notes)
    }
}
