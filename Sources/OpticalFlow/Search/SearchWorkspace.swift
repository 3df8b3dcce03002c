import CKernels
import Tensors

/// The scratch memory of one level of a search, and the passes over it.
///
/// `@unchecked Sendable`: belongs to one search; the stripes of a pass write disjoint rows.
final class SearchWorkspace: @unchecked Sendable {
    let width: Int
    let height: Int
    /// The flow so far, pixels of this level.
    private(set) var u: PaddedPlane
    private(set) var v: PaddedPlane

    private let columns: Int
    private let patchRows: Int
    private let step: Int
    private let patches: UnsafeMutablePointer<Float>
    private let others: UnsafeMutablePointer<Float>
    private var nextU: PaddedPlane
    private var nextV: PaddedPlane
    private var refinement: [PaddedPlane] = []
    private var solverScratch: [UnsafeMutablePointer<Float>] = []
    private var solverRows = 0

    init(width: Int, height: Int, step: Int) {
        self.width = width
        self.height = height
        self.step = step
        columns = Self.patchCount(extent: width, step: step)
        patchRows = Self.patchCount(extent: height, step: step)
        patches = .allocate(capacity: 2 * columns * patchRows)
        patches.initialize(repeating: 0, count: 2 * columns * patchRows)
        others = .allocate(capacity: 2 * columns * patchRows)
        others.initialize(repeating: 0, count: 2 * columns * patchRows)
        let planes = (0..<4).map { _ in PaddedPlane(width: width, height: height, pool: nil) }
        (u, v, nextU, nextV) = (planes[0], planes[1], planes[2], planes[3])
    }

    deinit {
        patches.deallocate()
        others.deallocate()
        for block in solverScratch { block.deallocate() }
    }

    /// Patches along an extent: every `step` pixels, and one that ends with the frame.
    private static func patchCount(extent: Int, step: Int) -> Int {
        (max(0, extent - Int(BF_FLOW_PATCH)) + step - 1) / step + 1
    }

    /// Inverse search from the coarser level's flow (from 0 where there is none), then densification into `u`, `v`.
    ///
    /// - Parameter predicted: another start, and the halvings of its size that this level is.
    func seek(
        from: PaddedPlane, into: PaddedPlane, coarser: SearchWorkspace?,
        predicted: (flow: PredictedFlow, halvings: Int)?, iterations: Int, rows: ParallelRows
    ) {
        let kernels = bf_kernels_current().pointee.flow
        start(from: coarser)
        if let predicted { predict(predicted.flow, halvings: predicted.halvings) }
        nonisolated(unsafe) var job = bf_flow_search(
            width: Int32(width), height: Int32(height), stride: from.stride,
            from: from.origin, into: into.origin,
            columns: Int32(columns), rows: Int32(patchRows), step: Int32(step), iterations: Int32(iterations),
            reach: coarser == nil ? Self.firstReach : Self.reach,
            u: patches, v: patches + columns * patchRows,
            other_u: predicted == nil ? nil : others, other_v: predicted == nil ? nil : others + columns * patchRows)
        withUnsafePointer(to: &job) { pointer in
            nonisolated(unsafe) let job = pointer
            rows.run(rows: patchRows, grain: max(Self.leastPatchRows, (patchRows + 7) / 8)) { _, range in
                kernels.search(job, Int32(range.lowerBound), Int32(range.upperBound))
            }
            let (u, v, weight) = (u, v, nextU)
            rows.run(rows: height, grain: Self.denseGrain) { _, range in
                kernels.densify(
                    job, Int32(range.lowerBound), Int32(range.upperBound), u.origin, v.origin, weight.origin)
            }
        }
    }

    /// Sets each patch to twice the coarser flow under its centre.
    private func start(from coarser: SearchWorkspace?) {
        guard let coarser else {
            patches.update(repeating: 0, count: 2 * columns * patchRows)
            return
        }
        let side = Int(BF_FLOW_PATCH)
        for row in 0..<patchRows {
            let y = min((min(row * step, max(height - side, 0)) + side / 2) / 2, coarser.height - 1)
            let u = coarser.u.row(y)
            let v = coarser.v.row(y)
            for column in 0..<columns {
                let x = min((min(column * step, max(width - side, 0)) + side / 2) / 2, coarser.width - 1)
                patches[row * columns + column] = 2 * u[x]
                patches[(patchRows + row) * columns + column] = 2 * v[x]
            }
        }
    }

    /// Sets each patch's other start.
    private func predict(_ flow: PredictedFlow, halvings: Int) {
        let side = Int(BF_FLOW_PATCH)
        let scale = 1 / Float(1 << halvings)
        for row in 0..<patchRows {
            let y = min(row * step, max(height - side, 0)) + side / 2
            for column in 0..<columns {
                let x = min(column * step, max(width - side, 0)) + side / 2
                let displacement = scale * flow.displacement(x: x << halvings, y: y << halvings)
                others[row * columns + column] = displacement.x
                others[(patchRows + row) * columns + column] = displacement.y
            }
        }
    }

    /// Variational refinement of `u`, `v`.
    func refine(
        from: PaddedPlane, into: PaddedPlane, _ configuration: DenseInverseSearch.Configuration, rows: ParallelRows
    ) {
        guard configuration.refinements > 0 else { return }
        let kernels = bf_kernels_current().pointee.flow
        // Stripes of any size give the same bits, and solve their halos twice, so there are as few as threads.
        let grain = max(Self.denseGrain, (height + rows.threads - 1) / rows.threads)
        prepareRefinement(
            scratchRows: 9 * (2 * configuration.sweeps + 3),
            stripes: ParallelRows.stripeCount(rows: height, grain: grain))
        let p = refinement.map(\.origin)
        nonisolated(unsafe) var job = bf_flow_refinement(
            width: Int32(width), height: Int32(height), stride: from.stride,
            alpha: configuration.smoothness, delta: configuration.brightness, gamma: configuration.gradient,
            from: from.origin, into: into.origin, u: u.origin, v: v.origin,
            next_u: nextU.origin, next_v: nextV.origin,
            mean: p[0], difference: p[1], inside: p[2],
            data: (p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11]))
        run(kernels.refine_warp, &job, rows)
        run(kernels.refine_linearise, &job, rows)
        for _ in 0..<configuration.refinements {
            nonisolated(unsafe) let scratch = solverScratch
            withUnsafePointer(to: &job) { pointer in
                nonisolated(unsafe) let job = pointer
                let sweeps = Int32(configuration.sweeps)
                rows.run(rows: height, grain: grain) { stripe, range in
                    kernels.refine_solve(
                        job, sweeps, Int32(range.lowerBound), Int32(range.upperBound), scratch[stripe])
                }
            }
            swap(&u, &nextU)
            swap(&v, &nextV)
            (job.u, job.v, job.next_u, job.next_v) = (u.origin, v.origin, nextU.origin, nextV.origin)
        }
    }

    private func run(
        _ pass: @convention(c) (UnsafePointer<bf_flow_refinement>?, Int32, Int32) -> Void,
        _ job: inout bf_flow_refinement, _ rows: ParallelRows
    ) {
        withUnsafePointer(to: &job) { pointer in
            nonisolated(unsafe) let job = pointer
            rows.run(rows: height, grain: Self.denseGrain) { _, range in
                pass(job, Int32(range.lowerBound), Int32(range.upperBound))
            }
        }
    }

    private func prepareRefinement(scratchRows: Int, stripes: Int) {
        if refinement.isEmpty {
            refinement = (0..<12).map { _ in PaddedPlane(width: width, height: height, pool: nil) }
        }
        guard solverRows != scratchRows || solverScratch.count != stripes else { return }
        solverRows = scratchRows
        for block in solverScratch { block.deallocate() }
        solverScratch = (0..<stripes).map { _ in .allocate(capacity: scratchRows * u.stride) }
    }

    private static let leastPatchRows = 8
    /// How far a patch may descend from its start, pixels: on the coarsest level, where nothing is known, and on others.
    private static let firstReach: Float = 8
    private static let reach: Float = 1.5
    private static let denseGrain = 48
}
