import Media
import Tensors

/// Gives painted frames to the output chunk by chunk and has every finished chunk recorded.
final class ChunkSink: Sink {
    let name = "encode"
    let mostWaiting = ChunkRule.waiting
    private let run: ResumableRun
    private let output: any ChunkOutput
    private var rule: ChunkRule
    private var framesInChunk = 0
    private var last: PaintedFrame?

    /// Makes a sink around an output, which nothing else may use, of a run at the end of a chunk.
    init(_ run: ResumableRun, output: any ChunkOutput, rule: ChunkRule) {
        self.run = run
        self.output = output
        self.rule = rule
    }

    func accept(_ input: PaintedFrame) throws {
        let place = rule.place(startsShot: input.startsShot)
        if place.begins { try endChunk() }
        guard input.label.number == run.framesDone + framesInChunk else {
            throw BrushflowError(
                .internal,
                "\(run.target): frame \(input.label.number ?? -1) came where frame \(run.framesDone + framesInChunk) belongs"
            )
        }
        if framesInChunk == 0 { try output.begin(run.manifest.chunks.count) }
        try output.write(input)
        framesInChunk += 1
        last = input
        if place.ends { try endChunk() }
    }

    func finish() throws { try endChunk() }

    /// Removes what is not recorded.
    func abandon() { if framesInChunk > 0 { output.abandon() } }

    private func endChunk() throws {
        guard framesInChunk > 0, let last else { return }
        let contents = try output.end()
        guard contents.frames == framesInChunk else {
            throw BrushflowError(
                .internal, "\(run.target): a chunk of \(framesInChunk) frames was written as \(contents.frames)")
        }
        framesInChunk = 0
        self.last = nil
        try run.record(contents, after: last)
    }
}
