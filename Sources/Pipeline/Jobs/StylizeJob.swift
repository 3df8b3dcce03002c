import Logging
import Media
import OpticalFlow
import Stylization
import Tensors

/// One run, opened and checked: painting a video, a directory of frames or an image.
///
/// Everything that can be wrong about the request is found by `init`, before the first frame is painted.
public final class StylizeJob {
    let request: StylizeRequest
    let token: CancellationToken
    private let logger: Logger
    let budget: ThreadBudget
    let input: OpenedInput
    let output: OutputKind
    private let style: LoadedStyle?
    private let pool = TensorPool(capacity: 1 << 30)
    /// Stands between a resumable run and what takes its chunks: for tests of what happens where that fails.
    package var chunkOutput: (any ChunkOutput) -> any ChunkOutput = { $0 }

    /// Opens the input and the style and checks that input, output and settings go together.
    ///
    /// - Parameters:
    ///   - token: ends the run early.
    ///   - logger: gets what is of interest while something is being looked into (level debug).
    public init(
        _ request: StylizeRequest, token: CancellationToken = CancellationToken(),
        logger: Logger = Logger(label: "brushflow")
    ) throws {
        self.request = request
        self.token = token
        self.logger = logger
        budget = ThreadBudget(total: request.threads)
        output = try OutputKind(path: request.output)
        style = try LoadedStyle.load(request.style, request.configuration, rows: budget.rows)
        input = try OpenedInput(request, paints: style != nil, decoderThreads: budget.decoder)
        try checkOutput()
        logger.debug(
            "opened",
            metadata: [
                "input": "\(request.input)", "size": "\(input.description.width)×\(input.description.height)",
                "frames": "\(input.frameCount.map(String.init) ?? "unknown")", "threads": "\(budget.total)",
                "timeBase": "\(input.description.timeBase)",
            ])
    }

    /// What the run will do.
    public var plan: RunPlan {
        RunPlan(
            input: request.input, output: request.output, style: request.style?.description ?? "none",
            width: input.description.width,
            height: input.description.height, frames: input.frameCount, frameRate: input.description.frameRate,
            framesInFlight: runner.maximumInFlight(stages: style == nil ? 1 : 2))
    }

    /// Runs to the end.
    ///
    /// - Throws: the first error of any stage; where the token was cancelled, `.interrupted` or `.terminated`. In
    ///   either case nothing is left under the output's name, and in the working directory of a resumable run what is
    ///   finished.
    public func run(monitor: RunMonitor = RunMonitor()) throws -> RunSummary {
        switch output {
        case .directory where request.isResumable, .video where request.isResumable:
            return try runResumably(monitor: monitor)
        case .directory:
            let writer = try ImageDirectoryWriter(path: request.output, overwrite: request.overwrite)
            return try run(into: DirectorySink(writer, rotation: uprightRotation, rows: budget.rows), monitor: monitor)
        case .still where request.makesContactSheet:
            let sink = ContactSheetSink(
                path: request.output, overwrite: request.overwrite, rotation: uprightRotation, rows: budget.rows)
            return try run(into: sink, monitor: monitor)
        case .still:
            return try run(into: StillSink(path: request.output, overwrite: request.overwrite), monitor: monitor)
        case .video(let container):
            let sideStreams = try openSideStreams(container)
            let writer = try VideoWriter(
                path: request.output, description: writtenDescription, settings: encoderSettings(container),
                sideStreams: sideStreams, overwrite: request.overwrite, rows: budget.rows)
            let sink = VideoSink(writer, chunkFrames: request.configuration.encode.chunkFrames)
            var summary = try run(into: sink, monitor: monitor)
            summary.notes += writer.notes
            return summary
        }
    }

    /// What the run is expected to cost, from a trial: the first frame is painted, by an optimiser with two
    /// steps a level, whose time is scaled to the steps that the settings ask for. Uses up the input.
    public func estimate() throws -> RunEstimate {
        guard let style else {
            return RunEstimate(
                secondsPerFrame: 0, seconds: input.frameCount.map { _ in 0 }, memory: MemoryUse.peakBytes)
        }
        let trial = try CostTrial(
            frames: input.chain(into: "trial", rows: budget.rows, pool: pool),
            painter: style.trialPainter(
                request.configuration.stylization, rows: budget.rows, pool: pool, token: token),
            flow: request.configuration.flow(recurrent: style.isRecurrent), rows: budget.rows, pool: pool,
            token: token)
        return trial.estimate(frames: input.frameCount, framesInFlight: plan.framesInFlight)
    }

    /// What painting the whole clip would cost, after a run over a part of it.
    public func fullRunEstimate(after summary: RunSummary) throws -> RunEstimate {
        var whole = request
        whole.segment = nil
        let frames = try OpenedInput(whole, paints: style != nil, decoderThreads: 1).frameCount
        let perFrame = summary.frames > 0 ? summary.seconds / Double(summary.frames) : 0
        return RunEstimate(
            secondsPerFrame: perFrame, seconds: frames.map { Double($0) * perFrame }, memory: MemoryUse.peakBytes)
    }

    func encoderSettings(_ container: OutputContainer) throws -> EncoderSettings {
        try request.configuration.encode.encoderSettings(for: container, keepsPace: style?.isRecurrent == true)
    }

    private var runner: PipelineRunner {
        PipelineRunner(mode: request.configuration.run.pipelineMode, token: token)
    }

    /// Paints all frames of the input into a sink.
    ///
    /// - Parameters:
    ///   - rule: tells the frames with which what the next one reads is given out; nil for none.
    ///   - memory: what the first frame reads; nil at the beginning of a shot.
    func run(
        into sink: some Sink<PaintedFrame>, monitor: RunMonitor, rule: ChunkRule? = nil, memory: PaintingMemory? = nil
    ) throws -> RunSummary {
        let painter = try style?.painter(
            request.configuration.stylization, seed: request.seed, rows: budget.rows, pool: pool, token: token)
        painter?.memory = memory?.painted
        var painted = chain(painter: painter, rule: rule, memory: memory?.flow)
        if request.compares { painted = painted.fused(CompareStage(rotation: input.rotation, rows: budget.rows)) }
        let gated = painted.fused(OutputGate(monitor: monitor))
        try runner.run(gated, into: sink) { waits in
            monitor.begin(expectedFrames: input.frameCount, waits: waits)
        }
        return summary(of: monitor, painter: painter)
    }

    /// What a run has done.
    func summary(of monitor: RunMonitor, painter: (any Painter)?) -> RunSummary {
        let done = monitor.snapshot
        let styleNotes = (style?.notes(request.configuration) ?? []) + (painter?.notes ?? [])
        return RunSummary(
            frames: done.frames, framesBefore: done.framesBefore, seconds: done.seconds,
            damagedPackets: input.damagedPackets, digest: monitor.digest,
            notes: input.notes + styleNotes, waitsForInput: done.waitsForInput)
    }

    private func chain(
        painter: (any Painter)?, rule: ChunkRule?, memory: FlowMemory?
    ) -> Chain<PaintedFrame> {
        func frames(into stage: some Stage) -> Chain<SourceFrame> {
            input.chain(into: stage.name, rows: budget.rows, pool: pool)
        }
        guard let painter else {
            let stage = PassThroughStage()
            return frames(into: stage).fused(stage)
        }
        let isRecurrent = style?.isRecurrent == true
        let estimator = FlowEstimator(
            configuration: request.configuration.flow(recurrent: isRecurrent),
            rows: budget.rows, pool: pool)
        if let memory { estimator.restore(memory) }
        let flow = FlowStage(estimator, rule: rule)
        return frames(into: flow).fused(flow).then(
            StylizeStage(painter, keepsSource: request.compares, logger: logger))
    }

    /// The turn that images need: the pictures of a comparison are upright already.
    var uprightRotation: PixelRotation { request.compares ? .identity : input.rotation }

    var writtenDescription: OutputVideoDescription {
        var description = input.description
        guard request.compares else { return description }
        if input.rotation.transposes { swap(&description.width, &description.height) }
        description.width *= 2
        description.displayMatrix = nil
        return description
    }

    func openSideStreams(_ container: OutputContainer) throws -> SideStreams? {
        if let clip = request.audioFrom {
            return try SideStreams(path: clip, container: container, segment: request.segment, audioOnly: true)
        }
        guard let zero = input.sourceZero else { return nil }
        let streams = try SideStreams(
            path: request.input, container: container, segment: request.segment, audioOnly: false)
        streams.sourceZero = zero
        return streams
    }

    /// Refuses outputs that the input cannot become.
    private func checkOutput() throws {
        switch output {
        case .still where !input.isStill && !request.makesContactSheet:
            throw BrushflowError(
                .usage,
                "\(request.output): is one image, but \(request.input) has many frames; end the output in / to write "
                    + "a directory of frames, or in .mp4 for a video")
        case .video(let container):
            guard !input.isStill else {
                throw BrushflowError(
                    .usage,
                    "\(request.output): is a video, but \(request.input) is one image; name an image such as out.png")
            }
            _ = try encoderSettings(container)
            if request.isResumable, !request.restarts, ResumableRun.hasResult(at: request.output) { return }
            try PendingFile.check(target: request.output, overwrite: request.overwrite)
        case .still: try PendingFile.check(target: request.output, overwrite: request.overwrite)
        case .directory: break
        }
    }
}
