import Dispatch
import Synchronization
import Tensors

/// Runs a chain into a sink and waits until all steps have ended.
package struct PipelineRunner {
    /// How long one step waited, in seconds.
    package struct Waits: Sendable, Equatable {
        /// The step.
        package let name: String
        /// For values from the step before it.
        package let forInput: Double
        /// The step before it, for room in the queue between them.
        package let forRoom: Double
    }

    private let mode: PipelineMode
    private let token: CancellationToken

    /// Makes a runner; `token` ends its runs early.
    package init(mode: PipelineMode, token: CancellationToken = CancellationToken()) {
        self.mode = mode
        self.token = token
    }

    /// The most values that can be between the source and the sink of a chain of `stages` stages, each of
    /// which holds back at most `held` values: the bound on frames in flight.
    package func maximumInFlight(stages: Int, held: Int = 0) -> Int {
        switch mode {
        case .inline: 1 + held
        // One in the source's hands, then per link a full queue and one value in the step after it.
        case .queued(let capacity): 1 + (stages + 1) * (capacity + 1) + held
        }
    }

    /// Runs until the sink has finished.
    ///
    /// - Parameter started: gets a function that tells how long each step has waited so far.
    /// - Throws: the first error of any step; where the run was cancelled, a `BrushflowError` of the token's
    ///   reason.
    package func run<Output>(
        _ chain: Chain<Output>, into sink: some Sink<Output>,
        started: (@escaping @Sendable () -> [Waits]) -> Void = { _ in }
    ) throws {
        let assembly = Assembly(mode: mode, token: token)
        let sourceLoop = chain.assemble(
            assembly.link(Consumer(sink), into: sink.name, most: sink.mostWaiting), assembly)
        let links = assembly.waits
        started {
            links.reversed().map { link in
                let seconds = link.seconds()
                return Waits(name: link.name, forInput: seconds.consumer, forRoom: seconds.producer)
            }
        }
        let firstError = Mutex<(any Error)?>(nil)
        func note(_ error: any Error) {
            // What ended because something else ended is no cause.
            guard error as? PipelineEnd == nil else { return }
            firstError.withLock { if $0 == nil { $0 = error } }
        }
        switch mode {
        case .inline:
            do { try sourceLoop() } catch { note(error) }
        case .queued:
            Self.runOnQueues([Assembly.Loop(name: "source", run: sourceLoop)] + assembly.loops, note)
        }
        try token.check()
        if let error = firstError.withLock({ $0 }) { throw error }
    }

    /// Runs every loop on a serial queue of its own and waits for all.
    private static func runOnQueues(_ loops: [Assembly.Loop], _ note: @escaping (any Error) -> Void) {
        let group = DispatchGroup()
        for loop in loops {
            // Each loop and the steps in it are handed to exactly one queue, and this thread waits for it.
            nonisolated(unsafe) let run = loop.run
            nonisolated(unsafe) let note = note
            DispatchQueue(label: "brushflow.\(loop.name)").async(group: group) {
                do { try run() } catch { note(error) }
            }
        }
        group.wait()
    }
}
