import Measurement
import Tensors

/// What the clips yield, one after the other.
enum MeasureStep: Sendable {
    /// A frame of each.
    case frames(ComparedFrames)
    /// A source frame after the stylized clip's last.
    case surplus(PlanarImage)
}
