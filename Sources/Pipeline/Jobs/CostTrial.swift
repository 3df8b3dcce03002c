import Dispatch
import OpticalFlow
import Stylization
import Tensors

/// Paints one frame with few steps, to learn what a run will cost.
struct CostTrial {
    private let firstFrameSeconds: Double
    private let nextFrameSeconds: Double
    private let frameBytes: Int

    /// Paints the chain's first frame twice, once as a shot's first and once as the next.
    init(
        frames: Chain<SourceFrame>, painting: PlanarImage, encoder: PerceptualEncoder, configuration: Configuration,
        rows: ParallelRows, pool: TensorPool, token: CancellationToken
    ) throws {
        let first = FirstFrame()
        try PipelineRunner(mode: .inline, token: token).run(frames, into: first)
        guard let image = first.image else {
            throw BrushflowError(.content, "the input has no frames")
        }
        frameBytes = image.tensor.count * MemoryLayout<Float>.stride
        let settings = configuration.stylization
        var few = settings
        few.firstSteps = settings.firstSteps.map { min($0, 2) }
        few.nextSteps = settings.nextSteps.map { min($0, 2) }
        let painter = try FramePainter(
            style: painting, encoder: encoder, configuration: few, seed: 0, rows: rows, pool: pool,
            isCancelled: { token.isCancelled })
        let estimator = FlowEstimator(configuration: configuration.flow, rows: rows, pool: pool)
        func seconds(_ few: [Int], _ asked: [Int]) throws -> Double {
            let start = DispatchTime.now().uptimeNanoseconds
            _ = try painter.paint(estimator.process(image))
            let spent = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            return spent * Self.cost(of: asked) / max(Self.cost(of: few), 1e-9)
        }
        // The first call also meets cold caches and fills the pool.
        _ = try seconds(few.firstSteps, settings.firstSteps)
        estimator.reset()
        painter.reset()
        firstFrameSeconds = try seconds(few.firstSteps, settings.firstSteps)
        nextFrameSeconds = try seconds(few.nextSteps, settings.nextSteps)
    }

    /// The cost of a run of so many frames in one shot.
    func estimate(frames: Int?, framesInFlight: Int) -> RunEstimate {
        // Every frame in flight has its source and, on its way out, its painting.
        let memory = MemoryUse.peakBytes + 2 * framesInFlight * frameBytes
        guard let frames, frames > 0 else {
            return RunEstimate(secondsPerFrame: nextFrameSeconds, seconds: nil, memory: memory)
        }
        let total = firstFrameSeconds + Double(frames - 1) * nextFrameSeconds
        return RunEstimate(secondsPerFrame: total / Double(frames), seconds: total, memory: memory)
    }

    /// Steps weighed by their level's area: each level has a quarter of the pixels of the one after it.
    private static func cost(of steps: [Int]) -> Double {
        steps.reversed().enumerated().reduce(0) { $0 + Double($1.element) / Double(1 << (2 * $1.offset)) }
    }

    /// Takes the first frame and stops the chain.
    private final class FirstFrame: Sink {
        let name = "trial"
        var image: PlanarImage?

        func accept(_ input: SourceFrame) throws {
            image = input.image
            throw PipelineEnd.consumerStopped
        }

        func finish() {}
    }
}
