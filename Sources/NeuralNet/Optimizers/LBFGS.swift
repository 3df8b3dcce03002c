import Tensors

/// Limited-memory BFGS in a box (Nocedal and Wright, algorithms 7.4 and 7.5), with a backtracking search
/// along the projected path.
///
/// Elements that stand at the box's edge with a gradient that pushes outwards are held for the step; the
/// trial points are projected into the box, so every point evaluated is inside. All tolerances are relative:
/// scaling the loss by any factor leaves the path as it is. A trial whose loss is not finite is a failed
/// trial. When no trial lowers the loss, the history is dropped, and once the plain gradient fails too the
/// optimizer has stalled and further steps do nothing.
///
/// Memory: 2 · `history` + 5 tensors of the parameters' size.
package struct LBFGS: Optimizer {
    private struct Pair {
        let s: Tensor
        let y: Tensor
        let sy: Double
    }

    /// Sufficient decrease (Armijo), relative to the first-order prediction.
    private static let decrease = 1e-4
    /// Trials of one line search.
    private static let trials = 10
    /// Pairs whose sᵀy is below this part of |s||y| are not kept.
    private static let curvature = 1e-6

    private let history: Int
    private let firstStep: Float
    private let box: ClosedRange<Float>?
    private let pool: TensorPool?
    private var pairs: [Pair] = []
    private var current: Evaluation?
    private var stalled = false

    /// Makes an optimizer without history.
    ///
    /// - Parameters:
    ///   - history: the pairs kept.
    ///   - firstStep: the largest change of any parameter in a step without history.
    ///   - box: where the parameters are kept, or nil.
    package init(
        history: Int = 8,
        firstStep: Float = 0.05,
        box: ClosedRange<Float>? = nil,
        pool: TensorPool? = nil
    ) {
        precondition(history >= 1 && firstStep > 0, "history \(history), first step \(firstStep)")
        self.history = history
        self.firstStep = firstStep
        self.box = box
        self.pool = pool
    }

    /// Whether no step can lower the loss any further.
    package var hasStalled: Bool { stalled }

    package mutating func step(
        _ parameters: inout Tensor,
        rows: ParallelRows,
        evaluate: (Tensor) throws -> Evaluation
    ) throws -> Double {
        let here: Evaluation
        if let current {
            here = current
        } else {
            here = try evaluate(parameters)
            current = here
        }
        let free = freeGradient(at: parameters, here.gradient, rows: rows)
        let largest = free.largestMagnitude(rows: rows)
        guard !stalled, here.loss.isFinite, largest > 0, largest.isFinite else {
            stalled = true
            return here.loss
        }
        while true {
            let direction = self.direction(at: parameters, free: free, largest: largest, rows: rows)
            if let (point, there) = try search(
                from: parameters, here, along: direction, rows: rows, evaluate: evaluate)
            {
                remember(from: parameters, here.gradient, to: point, there.gradient, rows: rows)
                parameters = point
                current = there
                return here.loss
            }
            if pairs.isEmpty {
                stalled = true
                return here.loss
            }
            pairs.removeAll()
        }
    }

    /// The gradient with 0 where the box holds the parameter.
    private func freeGradient(at x: Tensor, _ gradient: Tensor, rows: ParallelRows) -> Tensor {
        guard let box else { return gradient }
        return gradient.combined(with: x, rows: rows, pool: pool) { g, x in
            (x <= box.lowerBound && g > 0) || (x >= box.upperBound && g < 0) ? 0 : g
        }
    }

    private mutating func direction(at x: Tensor, free: Tensor, largest: Float, rows: ParallelRows) -> Tensor {
        if !pairs.isEmpty {
            var direction = twoLoop(free, rows: rows)
            if box != nil { direction = holding(direction, free: free, rows: rows) }
            let slope = direction.dot(free, rows: rows)
            if slope.isFinite && slope < 0 { return direction }
            pairs.removeAll()
        }
        var steepest = free
        steepest.multiply(by: -firstStep / largest, rows: rows)
        return steepest
    }

    /// `direction` with 0 where the free gradient is 0.
    private func holding(_ direction: Tensor, free: Tensor, rows: ParallelRows) -> Tensor {
        direction.combined(with: free, rows: rows, pool: pool) { d, g in g == 0 ? 0 : d }
    }

    /// −H · gradient by the two-loop recursion.
    private func twoLoop(_ gradient: Tensor, rows: ParallelRows) -> Tensor {
        var q = gradient
        var alphas = [Double](repeating: 0, count: pairs.count)
        for (index, pair) in pairs.enumerated().reversed() {
            alphas[index] = pair.s.dot(q, rows: rows) / pair.sy
            q.add(Float(-alphas[index]), pair.y, rows: rows)
        }
        if let last = pairs.last {
            q.multiply(by: Float(last.sy / last.y.squaredNorm(rows: rows)), rows: rows)
        }
        for (index, pair) in pairs.enumerated() {
            let beta = pair.y.dot(q, rows: rows) / pair.sy
            q.add(Float(alphas[index] - beta), pair.s, rows: rows)
        }
        q.multiply(by: -1, rows: rows)
        return q
    }

    private func search(
        from x: Tensor,
        _ here: Evaluation,
        along direction: Tensor,
        rows: ParallelRows,
        evaluate: (Tensor) throws -> Evaluation
    ) throws -> (Tensor, Evaluation)? {
        var length: Float = 1
        for _ in 0..<Self.trials {
            let (step, box) = (length, box)
            let point = x.combined(with: direction, rows: rows, pool: pool) { x, d in
                let moved = x + step * d
                guard let box else { return moved }
                return max(box.lowerBound, min(box.upperBound, moved))
            }
            let change = point.combined(with: x, rows: rows, pool: pool) { $0 - $1 }
            let slope = here.gradient.dot(change, rows: rows)
            guard slope < 0 else { return nil }
            let there = try evaluate(point)
            if there.loss.isFinite, there.loss <= here.loss + Self.decrease * slope { return (point, there) }
            let rise = there.loss - here.loss - slope
            let best = rise.isFinite && rise > 0 ? -slope / (2 * rise) : 0.1
            length *= Float(max(0.1, min(0.5, best)))
        }
        return nil
    }

    private mutating func remember(
        from x: Tensor,
        _ gradient: Tensor,
        to point: Tensor,
        _ gradientThere: Tensor,
        rows: ParallelRows
    ) {
        let s = point.combined(with: x, rows: rows, pool: pool) { $0 - $1 }
        let y = gradientThere.combined(with: gradient, rows: rows, pool: pool) { $0 - $1 }
        let sy = s.dot(y, rows: rows)
        let scale = (s.squaredNorm(rows: rows) * y.squaredNorm(rows: rows)).squareRoot()
        guard sy > Self.curvature * scale else { return }
        pairs.append(Pair(s: s, y: y, sy: sy))
        if pairs.count > history { pairs.removeFirst() }
    }
}
