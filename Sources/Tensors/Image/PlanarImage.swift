/// A picture as three planes of Float32: `[3, H, W]`, red, green, blue, 0…1, display-referred.
public struct PlanarImage: Sendable, Equatable {
    /// The planes, `[3, H, W]`.
    public var tensor: Tensor

    /// Wraps a `[3, H, W]` tensor.
    public init(_ tensor: Tensor) {
        precondition(
            tensor.shape.rank == 3 && tensor.shape[0] == 3,
            "a planar image is [3, H, W], not \(tensor.shape)"
        )
        self.tensor = tensor
    }

    /// Columns.
    public var width: Int { tensor.shape[2] }

    /// Rows.
    public var height: Int { tensor.shape[1] }
}
