import Tensors

/// What a layer computes with: the threads and the place its tensors come from.
package struct Workspace: Sendable {
    /// The row loops' threads; results never depend on their number.
    package let rows: ParallelRows
    /// Where results and scratch memory come from.
    package let pool: TensorPool

    /// Makes a workspace; without a pool, blocks are reused within this workspace only.
    package init(rows: ParallelRows, pool: TensorPool?) {
        self.rows = rows
        self.pool = pool ?? TensorPool()
    }
}
