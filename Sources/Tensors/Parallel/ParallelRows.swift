/// Runs a body over stripes of rows on up to a fixed number of threads.
///
/// The stripes depend on the row count and the grain alone, never on the number of threads: whoever writes
/// one partial result per stripe and combines them in stripe order gets the same bits for any thread count.
public struct ParallelRows: Sendable {
    /// The most threads that work at once, the caller's included; at least 1.
    public let threads: Int

    /// Makes a runner that uses up to `threads` threads.
    public init(threads: Int) {
        precondition(threads >= 1, "\(threads) threads")
        self.threads = threads
    }

    /// The number of stripes that `run(rows:grain:_:)` will make.
    public static func stripeCount(rows: Int, grain: Int) -> Int { (rows + grain - 1) / grain }

    /// The rows of a stripe.
    static func range(of stripe: Int, rows: Int, grain: Int) -> Range<Int> {
        stripe * grain..<min(rows, (stripe + 1) * grain)
    }

    /// Calls `body(stripe, range)` once for every stripe of `grain` rows (the last may be shorter), in any
    /// order and on any thread, and returns when all have run. Helpers of the process's crew take part as far as cores
    /// are free.
    package func run(rows: Int, grain: Int, _ body: @Sendable (_ stripe: Int, _ rows: Range<Int>) -> Void) {
        run(rows: rows, grain: grain, crew: .shared, body)
    }

    /// As `run(rows:grain:_:)`, with the helpers of a crew.
    package func run(
        rows: Int, grain: Int, crew: Crew, _ body: @Sendable (_ stripe: Int, _ rows: Range<Int>) -> Void
    ) {
        precondition(grain >= 1, "grain of \(grain) rows")
        let stripes = Self.stripeCount(rows: rows, grain: grain)
        let workers = min(threads, stripes)
        guard workers > 1 else {
            for stripe in 0..<stripes { body(stripe, Self.range(of: stripe, rows: rows, grain: grain)) }
            return
        }
        withoutActuallyEscaping(body) { body in
            crew.run(RowJob(rows: rows, grain: grain, mostHelpers: workers - 1, body: body))
        }
    }
}
