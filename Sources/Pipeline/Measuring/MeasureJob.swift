import Foundation
import Logging
import Measurement
import Media
import OpticalFlow
import Stylization
import Tensors

/// Measures how steady a stylized clip is, opened and checked.
///
/// Everything that can be wrong about the request but the clips' lengths is found by `init`.
public final class MeasureJob {
    private let request: MeasureRequest
    private let token: CancellationToken
    private let budget: ThreadBudget
    private let pool = TensorPool(capacity: 1 << 30)
    private let source: ComparedClip
    private let stylized: ComparedClip
    private let independent: IndependentFrames
    private let truth: TruthDirectory?
    private let distances: ReferenceDistances

    /// Frames at most whose style and content are looked at.
    private static let mostDistances = 40
    /// Frames between those where the clip's length is not known.
    private static let usualInterval = 8

    /// Opens the clips, the style and the truth and checks that they go together.
    ///
    /// - Parameter token: ends the run early.
    /// - Throws: `.usage`, `.content` or `.input` where a clip cannot be used or sizes or rates differ; `.output` where
    ///   the report exists.
    public init(_ request: MeasureRequest, token: CancellationToken = CancellationToken()) throws {
        self.request = request
        self.token = token
        budget = ThreadBudget(total: request.threads)
        if let report = request.report { try Self.checkReport(report, overwrite: request.overwrite) }
        source = try ComparedClip(
            path: request.source, request: request, segment: request.segment, budget: budget, pool: pool)
        stylized = try ComparedClip(
            path: request.stylized, request: request, segment: nil, budget: budget, pool: pool)
        try Self.checkPair(source, stylized)
        let (width, height) = (stylized.width, stylized.height)
        truth = try request.truth.map {
            try TruthDirectory(path: $0, width: width, height: height)
        }
        let configuration = request.configuration
        let (rows, pool) = (budget.rows, pool)
        let encoder = try configuration.encoder()
        let reference = try Self.reference(request, encoder)
        let count = stylized.promisedCount
        let interval = count.map { max(1, ($0 + Self.mostDistances - 1) / Self.mostDistances) } ?? Self.usualInterval
        distances = ReferenceDistances(
            style: reference.map {
                StyleDistance(
                    $0, height: height, width: width, scale: configuration.stylization.styleScale,
                    encoder: encoder, rows: rows, pool: pool)
            }, content: ContentDistance(encoder: encoder), interval: interval, rows: rows, pool: pool)
        if let path = request.independent {
            let clip = try ComparedClip(path: path, request: request, segment: nil, budget: budget, pool: pool)
            try Self.checkSame(clip, as: stylized)
            independent = .clip(clip)
        } else if let style = try Self.paintedStyle(request, rows: rows), let count {
            let painter = try style.painter(
                configuration.stylization, seed: request.seed, rows: rows, pool: pool, token: token)
            independent = .painted(painter, IndependentFrames.sample(of: count, every: interval))
        } else {
            independent = .none
        }
    }

    /// What the style distance is measured against. After a run, which a network may have painted, there need not be any.
    private static func reference(_ request: MeasureRequest, _ encoder: PerceptualEncoder) throws -> StyleReference? {
        guard let style = request.style?.single else { return nil }
        let source = try StyleSource(style, request.configuration)
        guard request.samplesIndependentPainting else {
            return try source.knownReference(request.configuration, encoder)
        }
        if case .learned = source, !encoder.isSlim { return nil }
        return try source.reference(request.configuration, encoder)
    }

    /// What the frames of the run are painted with by themselves.
    private static func paintedStyle(_ request: MeasureRequest, rows: ParallelRows) throws -> LoadedStyle? {
        guard request.samplesIndependentPainting, let style = request.style else { return nil }
        return try LoadedStyle.load(style, request.configuration, rows: rows)
    }

    /// Measures to the end and writes the report.
    ///
    /// - Throws: the first error of any step; `.content` where the clips have fewer than two frames in common; where the
    ///   token was cancelled, `.interrupted` or `.terminated`.
    public func run(monitor: RunMonitor = RunMonitor()) throws -> MeasureSummary {
        let motion: any MotionSource =
            truth.map { truth in
                TrueMotion(
                    longest: ClipMeasurer.longInterval, rows: budget.rows, pool: pool, read: truth.motion)
            } ?? EstimatedMotion(configuration: request.configuration.flow(), rows: budget.rows, pool: pool)
        let measurer = ClipMeasurer(motion: motion, distances: distances, rows: budget.rows, pool: pool)
        let pictures = try request.report.map { _ in
            try ReportPictures(
                width: stylized.width, height: stylized.height, frames: stylized.promisedCount,
                rate: stylized.playingRate, rows: budget.rows)
        }
        let sink = MeasuringSink(measurer, pictures: pictures, monitor: monitor)
        let chain = Chain(ComparedSource(source: source, stylized: stylized, independent: independent))
        let runner = PipelineRunner(mode: request.configuration.run.pipelineMode, token: token)
        try runner.run(chain, into: sink) { [stylized] waits in
            monitor.begin(expectedFrames: stylized.promisedCount, waits: waits)
        }
        guard let figures = sink.figures, figures.frames.count >= 2 else {
            throw BrushflowError(
                .content,
                "\(request.stylized): has fewer than two frames in common with \(request.source); steadiness is measured "
                    + "between frames")
        }
        if let truth { try truth.check(frames: try source.total()) }
        let verdict = Verdict(figures, facts: try lengthFindings(common: figures.frames.count))
        if let report = request.report, let pictures {
            let page = ReportPage(
                request: request, figures: figures, verdict: verdict, notes: notes, pictures: pictures,
                width: stylized.width, height: stylized.height)
            let file = try PendingFile(target: report, overwrite: request.overwrite)
            try file.write(Data(try page.html().utf8))
            try file.commit()
        }
        return MeasureSummary(
            figures: figures, verdict: verdict, notes: notes, seconds: monitor.snapshot.seconds)
    }

    /// What a user should know, a sentence each.
    private var notes: [String] {
        var notes: [String] = []
        for note in source.notes + stylized.notes where !notes.contains(note) { notes.append(note) }
        if source.width != stylized.width || source.height != stylized.height {
            notes.append(
                "\(request.source): is \(source.width)×\(source.height); what \(request.stylized) has not got of its last "
                    + "column and row is left out")
        }
        if let truth, truth.leavesOcclusionOpen, let path = request.truth {
            notes.append("\(path): .flo files do not tell occluded pixels, so these count as well")
        }
        return notes
    }

    private func lengthFindings(common: Int) throws -> [Finding] {
        var clips = [stylized, source]
        if case .clip(let clip) = independent { clips.append(clip) }
        let lengths = try clips.map { ($0.path, try $0.total()) }
        guard lengths.contains(where: { $0.1 != common }) else { return [] }
        let words = lengths.map { "\($0.0) has \($0.1) frames" }.joined(separator: ", ")
        return [Finding(.fault, "the clips differ in length: \(words); the first \(common) are compared")]
    }

    /// Looks at the report that a run is to end with before any work is done.
    ///
    /// - Throws: `.usage` where it does not end in .html or the run paints one image, `.output` where it exists.
    public static func check(report: String, after run: StylizeRequest) throws {
        try checkReport(report, overwrite: run.overwrite)
        if try InputKind(path: run.input) == .still {
            throw BrushflowError(
                .usage, "\(run.input): is one image; --report measures clips: leave it out")
        }
    }

    private static func checkReport(_ path: String, overwrite: Bool) throws {
        guard ["html", "htm"].contains((path as NSString).pathExtension.lowercased()) else {
            throw BrushflowError(.usage, "\(path): a report is written as .html")
        }
        try PendingFile.check(target: path, overwrite: overwrite)
    }

    /// A stylized clip may lack the odd column and row that its codec could not hold.
    private static func checkPair(_ source: ComparedClip, _ stylized: ComparedClip) throws {
        let columns = source.width - stylized.width
        let rows = source.height - stylized.height
        guard (0...(source.width & 1)).contains(columns), (0...(source.height & 1)).contains(rows) else {
            throw wrongSize(stylized, source)
        }
        try checkRate(stylized, source)
    }

    private static func checkSame(_ clip: ComparedClip, as other: ComparedClip) throws {
        guard clip.width == other.width, clip.height == other.height else { throw wrongSize(clip, other) }
        try checkRate(clip, other)
    }

    private static func checkRate(_ clip: ComparedClip, _ other: ComparedClip) throws {
        guard clip.runsAtAnotherRate(than: other), let mine = clip.frameRate, let its = other.frameRate else { return }
        throw BrushflowError(
            .content,
            "\(clip.path): has \(Self.number(mine)) frames a second, but \(other.path) has "
                + "\(Self.number(its)); frames are compared one with one: bring the clips to one rate")
    }

    /// `25`, `23.976`.
    private static func number(_ rate: Double) -> String { String(format: "%.5g", rate) }

    private static func wrongSize(_ clip: ComparedClip, _ other: ComparedClip) -> BrushflowError {
        BrushflowError(
            .content,
            "\(clip.path): is \(clip.width)×\(clip.height), but \(other.path) is \(other.width)×\(other.height); clips "
                + "that are compared must have one size")
    }
}
