import Synchronization
import Tensors

/// Tells a run to stop, from any thread or signal handler's queue.
public final class CancellationToken: Sendable {
    private struct State {
        var reason: BrushflowError.Kind?
        var actions: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// Makes a token that has not been cancelled.
    public init() {}

    /// Why the run was cancelled (`.interrupted` or `.terminated`), or nil.
    public var reason: BrushflowError.Kind? { state.withLock { $0.reason } }

    /// Whether the run was cancelled.
    public var isCancelled: Bool { reason != nil }

    /// Does nothing where the run goes on.
    ///
    /// - Throws: a `BrushflowError` of the reason.
    func check() throws {
        guard let reason else { return }
        throw BrushflowError(reason, reason == .terminated ? "terminated" : "interrupted")
    }

    /// Cancels; only the first call counts.
    public func cancel(_ reason: BrushflowError.Kind = .interrupted) {
        let actions = state.withLock { state -> [@Sendable () -> Void] in
            guard state.reason == nil else { return [] }
            state.reason = reason
            defer { state.actions = [] }
            return state.actions
        }
        for action in actions { action() }
    }

    /// Calls `action` when the run is cancelled, at once where it already was.
    func onCancel(_ action: @escaping @Sendable () -> Void) {
        let already = state.withLock { state -> Bool in
            guard state.reason == nil else { return true }
            state.actions.append(action)
            return false
        }
        if already { action() }
    }
}
