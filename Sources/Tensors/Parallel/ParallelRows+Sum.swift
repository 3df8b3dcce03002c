extension ParallelRows {
    /// Σ of `body(range)` over the stripes of `count` elements, in Double, combined in stripe order: the same
    /// bits for any number of threads.
    package func sum(count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Double) -> Double {
        var partials = [Double](repeating: 0, count: Self.stripeCount(rows: count, grain: grain))
        partials.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let slots = buffer
            run(rows: count, grain: grain) { stripe, range in slots[stripe] = body(range) }
        }
        return partials.reduce(0, +)
    }
}
