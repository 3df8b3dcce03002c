import Tensors

/// Dense optical flow: `[2, H, W]`, u (right) then v (down), in pixels.
///
/// From frame t **into** frame t−1 ("backward": where each pixel of t was in t−1) unless the name of the
/// value says otherwise.
public struct FlowField: Sendable, Equatable {
    /// The components, `[2, H, W]`.
    public var tensor: Tensor

    /// Wraps a `[2, H, W]` tensor.
    public init(_ tensor: Tensor) {
        precondition(
            tensor.shape.rank == 3 && tensor.shape[0] == 2,
            "a flow field is [2, H, W], not \(tensor.shape)"
        )
        self.tensor = tensor
    }

    /// Columns.
    public var width: Int { tensor.shape[2] }

    /// Rows.
    public var height: Int { tensor.shape[1] }
}
