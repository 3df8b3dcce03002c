import Dispatch
import Synchronization

/// The stripes of one call of `ParallelRows.run`: its caller and helpers claim one after the other.
///
/// `@unchecked Sendable`: `sleeper` is touched only under the crew's lock; `body` only by the caller and by helpers
/// that joined while the crew listed the job, and the caller waits for those before it lets go of it.
final class RowJob: @unchecked Sendable {
    /// Helpers that the job may have at once.
    let mostHelpers: Int
    /// Helpers that are at it; a helper joins under the crew's lock.
    let helpers = Atomic(0)
    /// Told when the last helper has left; nil unless the caller sleeps until then.
    var sleeper: DispatchSemaphore?

    private let next = Atomic(0)
    private let rows: Int
    private let grain: Int
    private let stripes: Int
    private var body: (@Sendable (_ stripe: Int, _ rows: Range<Int>) -> Void)?

    /// The stripes of `grain` rows each, for a caller and at most `mostHelpers` more.
    init(
        rows: Int, grain: Int, mostHelpers: Int,
        body: @escaping @Sendable (_ stripe: Int, _ rows: Range<Int>) -> Void
    ) {
        (self.rows, self.grain, self.mostHelpers, self.body) = (rows, grain, mostHelpers, body)
        stripes = ParallelRows.stripeCount(rows: rows, grain: grain)
    }

    /// How many more helpers would find something to do.
    var wishes: Int {
        next.load(ordering: .relaxed) < stripes ? max(0, mostHelpers - helpers.load(ordering: .relaxed)) : 0
    }

    /// Claims and runs stripes until none is left or, between two of them, `leaves` says to go.
    ///
    /// Not inlined, so that nobody holds `body` who has returned from here.
    @inline(never) func work(until leaves: () -> Bool = { false }) {
        guard let body else { return }
        while !leaves() {
            let stripe = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard stripe < stripes else { return }
            body(stripe, ParallelRows.range(of: stripe, rows: rows, grain: grain))
        }
    }

    /// Lets go of the body; after the last helper has left.
    func end() { body = nil }
}
