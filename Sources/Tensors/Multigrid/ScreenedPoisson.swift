/// Solves (−Δ + q) x = b for every plane of a picture by multigrid V-cycles, Δ the five-point Laplacian with Neumann
/// borders: what Bhat et al. 2010 (GradientShop) and Bonneel et al. 2015 call a screened Poisson problem, where the screen q may
/// differ from pixel to pixel.
package enum ScreenedPoisson {
    /// The weights of two Jacobi sweeps that damp the upper half of the frequencies best (Chebyshev's, for
    /// eigenvalues ½…2 of the scaled matrix): to 0.22 in the worst case.
    private static let smoothing: [Float] = [1.389, 0.5618]

    /// Solves.
    ///
    /// - Parameters:
    ///   - screen: q, `[1, H, W]`, ≥ 0, somewhere above 0.
    ///   - right: b, `[C, H, W]`.
    ///   - start: what the first cycle begins with, `[C, H, W]`; the closer to the solution, the fewer cycles are needed.
    ///   - cycles: V-cycles; each leaves at most half of the residual.
    /// - Returns: `[C, H, W]`, the same bits for any number of threads.
    package static func solve(
        screen: Tensor, right: Tensor, start: Tensor, cycles: Int, rows: ParallelRows, pool: TensorPool? = nil
    ) -> Tensor {
        var grids = [PoissonGrid(screen: screen, right: right, solution: start, rows: rows, pool: pool)]
        while let next = grids[grids.count - 1].coarser(pool: pool) { grids.append(next) }
        for _ in 0..<cycles {
            for (fine, coarse) in zip(grids, grids.dropFirst()) {
                fine.relax(weights: smoothing)
                fine.restrictResidual(to: coarse)
            }
            grids[grids.count - 1].divide()
            for (coarse, fine) in zip(grids.dropFirst(), grids).reversed() {
                fine.addEnlarged(coarse)
                fine.relax(weights: smoothing)
            }
        }
        return grids[0].solution
    }
}
