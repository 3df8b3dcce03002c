import Dispatch
import Foundation
import Synchronization

/// Helpers for row loops: as many as there are cores on which nobody else of this process computes.
///
/// Stages that compute say so (`compute`), and so does the caller of a row loop while it lasts. A helper comes where these and
/// the helpers are fewer than the cores, and leaves after its stripe where they are more: with more threads that can run than
/// cores, an operating system lets one wait behind another for milliseconds while a core lies idle. A helper that finds
/// nothing to do looks out for more before it goes, as does a caller for its helpers' last stripes: loops follow each other
/// within microseconds, and waking a core that has gone to sleep can take longer than the loop, above all in a virtual machine.
package final class Crew: Sendable {
    /// The crew of this process.
    package static let shared = Crew(cores: ProcessInfo.processInfo.activeProcessorCount)

    /// Whether the thread is counted in `computing`.
    @TaskLocal private static var isCounted = false

    private struct State {
        /// Jobs that are open to helpers, oldest first.
        var jobs: [RowJob] = []
        /// Helpers that look out for a job.
        var lookouts = 0
    }

    /// Nanoseconds for which a helper looks out for a job, or a caller for its helpers to leave, before it sleeps.
    private static let patience: UInt64 = 200_000

    private let cores: Int
    private let state = Mutex(State())
    /// Threads that compute, helpers that were called and have not begun included; changed under the lock.
    private let computing = Atomic(0)
    /// Rises when helpers that look out should look at the jobs.
    private let news = Atomic(0)

    /// Makes a crew for `cores` cores.
    package init(cores: Int) {
        self.cores = cores
    }

    /// Runs `body`, which computes.
    package func compute<Value>(_ body: () throws -> Value) rethrows -> Value {
        guard !Self.isCounted else { return try body() }
        begin()
        defer { pause() }
        return try Self.$isCounted.withValue(true, operation: body)
    }

    /// Runs `body`, which waits for another thread: whoever computes makes room for a helper meanwhile.
    package func wait(_ body: () -> Void) {
        guard Self.isCounted else { return body() }
        pause()
        defer { begin() }
        body()
    }

    /// Runs all stripes of a job and returns when they are done.
    func run(_ job: RowJob) {
        compute {
            call(
                state.withLock { state in
                    state.jobs.append(job)
                    return recruit(state)
                })
            job.work()
            state.withLock { state in state.jobs.removeAll { $0 === job } }
            awaitHelpers(of: job)
            job.end()
        }
    }

    /// Returns when the last helper has left a job that no further one can join.
    private func awaitHelpers(of job: RowJob) {
        if look(until: deadline, for: { job.helpers.load(ordering: .acquiring) == 0 }) { return }
        let sleeper = state.withLock { _ -> DispatchSemaphore? in
            if job.helpers.load(ordering: .acquiring) > 0 { job.sleeper = DispatchSemaphore(value: 0) }
            return job.sleeper
        }
        if let sleeper { wait { sleeper.wait() } }
    }

    private func begin() {
        state.withLock { _ in _ = computing.wrappingAdd(1, ordering: .relaxed) }
    }

    private func pause() {
        call(
            state.withLock { state in
                computing.wrappingSubtract(1, ordering: .relaxed)
                return recruit(state)
            })
    }

    private var isCrowded: Bool { computing.load(ordering: .relaxed) > cores }

    /// Tells the helpers that look out, and counts in those that must be called besides; under the lock.
    private func recruit(_ state: State) -> Int {
        let wishes = state.jobs.reduce(0) { $0 + $1.wishes }
        guard wishes > 0 else { return 0 }
        if state.lookouts > 0 { news.wrappingAdd(1, ordering: .relaxed) }
        let called = max(0, min(wishes - state.lookouts, cores - computing.load(ordering: .relaxed)))
        computing.wrappingAdd(called, ordering: .relaxed)
        return called
    }

    private func call(_ helpers: Int) {
        for _ in 0..<helpers { DispatchQueue.global().async { self.help() } }
    }

    /// What a helper does, from being called to leaving.
    private func help() {
        while let job = nextJob() {
            Self.$isCounted.withValue(true) { job.work { isCrowded } }
            let sleeper = state.withLock { _ in
                job.helpers.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 ? job.sleeper : nil
            }
            sleeper?.signal()
        }
    }

    /// A job that the calling helper has joined; nil where it has to leave and is not counted any more.
    private func nextJob() -> RowJob? {
        enum Step {
            case join(RowJob), lookOut(past: Int), leave
        }
        let end = deadline
        var isLookout = false
        while true {
            let isLate = isLookout && Self.now >= end
            let step = state.withLock { state -> Step in
                if isLookout { state.lookouts -= 1 }
                if !isCrowded, let job = state.jobs.first(where: { $0.wishes > 0 }) {
                    job.helpers.wrappingAdd(1, ordering: .relaxed)
                    return .join(job)
                }
                if isCrowded || isLate {
                    computing.wrappingSubtract(1, ordering: .relaxed)
                    return .leave
                }
                state.lookouts += 1
                return .lookOut(past: news.load(ordering: .relaxed))
            }
            switch step {
            case .join(let job): return job
            case .leave: return nil
            case .lookOut(let past):
                isLookout = true
                _ = look(until: end) { isCrowded || news.load(ordering: .relaxed) != past }
            }
        }
    }

    private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
    private var deadline: UInt64 { Self.now + Self.patience }

    /// Looks for a condition without sleeping, but lets other threads pass; whether it has come true before the deadline.
    private func look(until end: UInt64, for condition: () -> Bool) -> Bool {
        repeat {
            for _ in 0..<20 where condition() { return true }
            sched_yield()
        } while Self.now < end
        return condition()
    }
}
