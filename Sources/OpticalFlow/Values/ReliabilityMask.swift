import Tensors

/// Where a flow field can be trusted: `[1, H, W]`, 0…1 with **1 = reliable** and 0 = disoccluded, outside the
/// frame or on a motion boundary, in the coordinates of frame t.
public struct ReliabilityMask: Sendable, Equatable {
    /// The values, `[1, H, W]`.
    public var tensor: Tensor

    /// Wraps a `[1, H, W]` tensor.
    public init(_ tensor: Tensor) {
        precondition(
            tensor.shape.rank == 3 && tensor.shape[0] == 1,
            "a reliability mask is [1, H, W], not \(tensor.shape)"
        )
        self.tensor = tensor
    }

    /// Columns.
    public var width: Int { tensor.shape[2] }

    /// Rows.
    public var height: Int { tensor.shape[1] }
}
