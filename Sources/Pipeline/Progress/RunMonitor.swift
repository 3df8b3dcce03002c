import Dispatch
import Synchronization
import Tensors

/// What a run has done so far; read from any thread.
public final class RunMonitor: Sendable {
    /// One reading.
    public struct Snapshot: Sendable, Equatable {
        /// Frames handed to the encoder, or steps taken.
        public var frames: Int
        /// Of these, how many were done before this run began.
        public var framesBefore: Int
        /// Frames that there will be, where that is known.
        public var expectedFrames: Int?
        /// Seconds since the first stage began.
        public var seconds: Double
        /// Seconds that each stage waited for the one before it.
        public var waitsForInput: [String: Double]
        /// What the last step came to, by name.
        public var figures: [String: Double]

        /// Frames a second.
        public var framesPerSecond: Double { seconds > 0 ? Double(frames - framesBefore) / seconds : 0 }

        /// Seconds that are left at the present speed, where the end is known.
        public var secondsLeft: Double? {
            guard let expectedFrames, frames > framesBefore else { return nil }
            return seconds / Double(frames - framesBefore) * Double(max(0, expectedFrames - frames))
        }
    }

    private struct State {
        var frames = 0
        var framesBefore = 0
        var figures: [String: Double] = [:]
        var expectedFrames: Int?
        var start: UInt64?
        var digest = ContentDigest()
        var waits: @Sendable () -> [PipelineRunner.Waits] = { [] }
    }

    private let state = Mutex(State())

    /// Makes a monitor of a run that has not begun.
    public init() {}

    /// What was done until now.
    public var snapshot: Snapshot {
        let (now, waits) = state.withLock { state in
            (
                Snapshot(
                    frames: state.frames, framesBefore: state.framesBefore, expectedFrames: state.expectedFrames,
                    seconds: state.start.map { Double(DispatchTime.now().uptimeNanoseconds - $0) / 1e9 } ?? 0,
                    waitsForInput: [:], figures: state.figures), state.waits
            )
        }
        var snapshot = now
        snapshot.waitsForInput = waits().reduce(into: [:]) { $0[$1.name] = $1.forInput }
        return snapshot
    }

    /// The digest of the frames handed to the encoder so far.
    var digest: String { state.withLock { $0.digest.text } }

    /// Goes on from an earlier run's frames and their digest; before `begin`.
    func resume(frames: Int, digest: ContentDigest) {
        state.withLock { ($0.frames, $0.framesBefore, $0.digest) = (frames, frames, digest) }
    }

    func begin(expectedFrames: Int?, waits: @escaping @Sendable () -> [PipelineRunner.Waits]) {
        state.withLock {
            $0.expectedFrames = expectedFrames
            $0.start = DispatchTime.now().uptimeNanoseconds
            $0.waits = waits
        }
    }

    /// Begins a run of steps, `done` of which were taken before.
    func begin(expectedSteps: Int, done: Int, waits: @escaping @Sendable () -> [PipelineRunner.Waits]) {
        state.withLock { ($0.frames, $0.framesBefore) = (done, done) }
        begin(expectedFrames: expectedSteps, waits: waits)
    }

    /// Counts a step and keeps what it came to.
    func count(figures: [String: Double]) {
        state.withLock {
            $0.frames += 1
            $0.figures = figures
        }
    }

    /// Counts a frame that is only looked at.
    func count() { state.withLock { $0.frames += 1 } }

    /// Counts a painted frame and returns the digest of all so far.
    func count(_ frame: PaintedFrame) -> ContentDigest {
        state.withLock {
            $0.frames += 1
            $0.digest.add(frame.image)
            return $0.digest
        }
    }
}
