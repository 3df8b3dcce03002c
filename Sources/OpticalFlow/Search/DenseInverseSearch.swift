import CKernels
import Tensors

/// Dense optical flow by inverse search of patches (Kroeger, Timofte, Dai, Van Gool: "Fast Optical Flow using Dense
/// Inverse Search", 2016) with a variational refinement on every level.
///
/// Coarse to fine: each patch of the first frame is sought in the second by inverse compositional descent from the
/// coarser level's flow and from its neighbours' displacements, the patches are averaged into a dense field, and
/// the field is refined. Keeps its scratch memory from call to call. The result has the same bits for any number of
/// threads.
package final class DenseInverseSearch {
    /// What was asked for.
    package let configuration: Configuration

    private let rows: ParallelRows
    private let pool: TensorPool?
    private var workspaces: [SearchWorkspace] = []

    /// Makes a search that runs on `rows` and takes its results' memory from `pool`.
    package init(configuration: Configuration = .medium, rows: ParallelRows, pool: TensorPool? = nil) {
        self.configuration = configuration
        self.rows = rows
        self.pool = pool
    }

    /// The levels that a pyramid of `width`×`height` pixels needs for this search.
    package func levels(width: Int, height: Int) -> Int {
        configuration.coarsestScale(width: width, height: height) + 1
    }

    /// The motion of `from`'s pixels into `into`: pixel p of `from` is seen at p + flow(p) of `into`.
    ///
    /// - Parameters:
    ///   - predicted: another start for every patch, in pixels of a frame that the pyramids are `halvings` halvings of.
    package func flow(
        from: GreyPyramid, into: GreyPyramid, predicted: PredictedFlow? = nil, halvings: Int = 0
    ) -> FlowField {
        precondition(
            from.width == into.width && from.height == into.height,
            "flow from \(from.width)×\(from.height) into \(into.width)×\(into.height)"
        )
        let width = from.width
        let height = from.height
        let coarsest = configuration.coarsestScale(width: width, height: height)
        precondition(
            min(from.levels.count, into.levels.count) > coarsest,
            "pyramids of \(from.levels.count) and \(into.levels.count) levels for a search of \(coarsest + 1)"
        )
        let finest = min(configuration.finestScale, coarsest)
        prepareWorkspaces(from.levels[finest...coarsest])
        for scale in stride(from: coarsest, through: finest, by: -1) {
            let level = workspaces[scale - finest]
            level.seek(
                from: from.levels[scale], into: into.levels[scale],
                coarser: scale < coarsest ? workspaces[scale - finest + 1] : nil,
                predicted: predicted.map { ($0, scale + halvings) },
                iterations: configuration.gradientSteps, rows: rows)
            for _ in 0..<(scale == finest ? configuration.linearisations : 1) {
                level.refine(from: from.levels[scale], into: into.levels[scale], configuration, rows: rows)
            }
        }
        return enlarged(workspaces[0], factor: 1 << finest, width: width, height: height)
    }

    private func prepareWorkspaces(_ planes: ArraySlice<PaddedPlane>) {
        let fits =
            workspaces.count == planes.count
            && zip(workspaces, planes).allSatisfy { $0.width == $1.width && $0.height == $1.height }
        if !fits {
            workspaces = planes.enumerated().map { index, plane in
                SearchWorkspace(
                    width: plane.width, height: plane.height,
                    step: index == 0 ? configuration.patchStride : configuration.coarsePatchStride)
            }
        }
    }

    private func enlarged(_ level: SearchWorkspace, factor: Int, width: Int, height: Int) -> FlowField {
        let kernels = bf_kernels_current().pointee.flow
        var tensor = Tensor(uninitialized: [2, height, width], pool: pool)
        let u = level.u
        let v = level.v
        tensor.withMutableFloats { floats in
            guard let base = floats.baseAddress else { return }
            nonisolated(unsafe) let out = base
            rows.run(rows: height, grain: 64) { _, range in
                for (plane, target) in [(u, out), (v, out + width * height)] {
                    kernels.enlarge(
                        Float(factor), plane.origin, Int32(plane.width), Int32(plane.height), plane.stride,
                        target, Int32(width), Int32(range.lowerBound), Int32(range.upperBound), width)
                }
            }
        }
        return FlowField(tensor)
    }
}
