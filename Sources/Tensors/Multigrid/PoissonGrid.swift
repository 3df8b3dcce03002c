import CKernels

/// One level of the multigrid solver: (−Δ + q) x = b at one resolution, several planes that share q.
///
/// The work is divided by rows, and every value is computed from the level's own state before the sweep, so the bits
/// do not depend on the number of threads.
final class PoissonGrid {
    /// Rows that one thread works on at a time.
    private static let grain = 32

    private let height: Int
    private let width: Int
    private let planes: Int
    private let rows: ParallelRows
    private let kernels = bf_kernels_current().pointee.poisson
    /// `[1, H, W]`, ≥ 0.
    private let screen: Tensor
    /// `[planes, H, W]`.
    private var right: Tensor
    /// The unknown, `[planes, H, W]`.
    private(set) var solution: Tensor
    private var spare: Tensor

    /// A level with its screen and right side, starting from `solution`.
    init(screen: Tensor, right: Tensor, solution: Tensor, rows: ParallelRows, pool: TensorPool?) {
        precondition(
            right.shape == solution.shape && screen.shape == [1, right.shape[1], right.shape[2]],
            "\(screen.shape), \(right.shape), \(solution.shape)")
        (planes, height, width) = (right.shape[0], right.shape[1], right.shape[2])
        self.rows = rows
        self.screen = screen
        self.right = right
        self.solution = solution
        spare = Tensor(uninitialized: right.shape, pool: pool)
    }

    /// The level of half the size, its screen the sum over 2×2 pixels, which is what the coarse Laplacian weighs the
    /// fine one's sum against; nil where one pixel is left.
    func coarser(pool: TensorPool?) -> PoissonGrid? {
        guard max(height, width) > 1 else { return nil }
        let (rows, columns) = ((height + 1) / 2, (width + 1) / 2)
        var sums = Tensor(uninitialized: [1, rows, columns], pool: pool)
        sums.withMutableFloats { sums in
            screen.withFloats { screen in
                nonisolated(unsafe) let (sums, screen) = (sums, screen)
                self.rows.run(rows: rows, grain: Self.grain) { [height, width] _, range in
                    for y in range {
                        let (top, bottom) = (2 * y * width, min(2 * y + 1, height - 1) * width)
                        for x in 0..<columns {
                            let (left, right) = (2 * x, min(2 * x + 1, width - 1))
                            sums[y * columns + x] =
                                (screen[top + left] + screen[top + right])
                                + (screen[bottom + left] + screen[bottom + right])
                        }
                    }
                }
            }
        }
        return PoissonGrid(
            screen: sums, right: Tensor(uninitialized: [planes, rows, columns], pool: pool),
            solution: Tensor(uninitialized: [planes, rows, columns], pool: pool), rows: self.rows, pool: pool)
    }

    /// Solves q x = b: all that the equation says where one pixel is left.
    func divide() {
        precondition(height == 1 && width == 1, "\(width)×\(height)")
        let screen = screen.values[0]
        let right = right.values
        solution.withMutableFloats { for plane in right.indices { $0[plane] = right[plane] / screen } }
    }

    /// Damped Jacobi sweeps, one a weight.
    func relax(weights: [Float]) {
        for weight in weights {
            spare.withMutableFloats { target in
                solution.withFloats { source in
                    screen.withFloats { screen in
                        right.withFloats { right in
                            nonisolated(unsafe) let (target, source, screen, right) = (
                                target.baseAddress, source.baseAddress, screen.baseAddress, right.baseAddress
                            )
                            rows.run(rows: planes * height, grain: Self.grain) { [height, width, kernels] _, range in
                                guard let target, let source, let screen, let right else { return }
                                for row in range {
                                    let y = row % height
                                    let here = source + row * width
                                    kernels.relax(
                                        y > 0 ? here - width : here, here, y < height - 1 ? here + width : here,
                                        screen + y * width, right + row * width, weight, target + row * width, width)
                                }
                            }
                        }
                    }
                }
            }
            swap(&solution, &spare)
        }
    }

    /// Gives the residual to the coarser level as its right side, and starts that at 0.
    func restrictResidual(to coarse: PoissonGrid) {
        coarse.solution.withMutableFloats { $0.update(repeating: 0) }
        coarse.right.withMutableFloats { target in
            solution.withFloats { source in
                screen.withFloats { screen in
                    right.withFloats { right in
                        nonisolated(unsafe) let (target, source, screen, right) = (
                            target.baseAddress, source.baseAddress, screen.baseAddress, right.baseAddress
                        )
                        rows.run(rows: planes * coarse.height, grain: Self.grain) {
                            [height, width, kernels, coarseHeight = coarse.height, coarseWidth = coarse.width] _, range
                            in
                            guard let target, let source, let screen, let right else { return }
                            for row in range {
                                let (plane, y) = row.quotientAndRemainder(dividingBy: coarseHeight)
                                let (top, bottom) = (2 * y, min(2 * y + 1, height - 1))
                                let four = [max(top - 1, 0), top, bottom, min(bottom + 1, height - 1)]
                                let first = plane * height
                                kernels.restrict_residual(
                                    four.map { source + (first + $0) * width },
                                    [top, bottom].map { screen + $0 * width },
                                    [top, bottom].map { right + (first + $0) * width }, target + row * coarseWidth,
                                    width)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Adds the coarser level's solution, enlarged bilinearly.
    func addEnlarged(_ coarse: PoissonGrid) {
        solution.withMutableFloats { target in
            coarse.solution.withFloats { source in
                nonisolated(unsafe) let (target, source) = (target.baseAddress, source.baseAddress)
                rows.run(rows: planes * height, grain: Self.grain) {
                    [height, width, kernels, coarseHeight = coarse.height, coarseWidth = coarse.width] _, range in
                    guard let target, let source else { return }
                    for row in range {
                        let (plane, y) = row.quotientAndRemainder(dividingBy: height)
                        let near = y / 2
                        let far = min(max(near + (y % 2 == 0 ? -1 : 1), 0), coarseHeight - 1)
                        let first = source + plane * coarseHeight * coarseWidth
                        kernels.add_enlarged(
                            first + near * coarseWidth, first + far * coarseWidth, target + row * width, width)
                    }
                }
            }
        }
    }
}
