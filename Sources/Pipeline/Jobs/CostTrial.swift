import Dispatch
import OpticalFlow
import Tensors

/// Paints one frame, to learn what a run will cost.
struct CostTrial {
    private let firstFrameSeconds: Double
    private let nextFrameSeconds: Double
    private let frameBytes: Int

    /// Paints the chain's first frame twice, once as a shot's first and once as the next.
    init(
        frames: Chain<SourceFrame>, painter: TrialPainter, flow: FlowEstimator.Configuration, rows: ParallelRows,
        pool: TensorPool, token: CancellationToken
    ) throws {
        let first = FirstFrame()
        try PipelineRunner(mode: .inline, token: token).run(frames, into: first)
        guard let image = first.image else {
            throw BrushflowError(.content, "the input has no frames")
        }
        frameBytes = image.tensor.count * MemoryLayout<Float>.stride
        let estimator = FlowEstimator(configuration: flow, rows: rows, pool: pool)
        func seconds(scale: Double) throws -> Double {
            let start = DispatchTime.now().uptimeNanoseconds
            _ = try painter.painter.paint(estimator.process(image))
            return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 * scale
        }
        // The first call also meets cold caches and fills the pool.
        _ = try seconds(scale: painter.firstFrameScale)
        estimator.reset()
        painter.painter.reset()
        firstFrameSeconds = try seconds(scale: painter.firstFrameScale)
        nextFrameSeconds = try seconds(scale: painter.nextFrameScale)
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
