import CFFmpeg
import Tensors

/// Turns decoded frames into float pictures and float pictures into frames to encode.
package final class FrameConverter {
    /// Makes a converter.
    package init() {}

    /// The picture of a decoded frame: `[3, H, W]`, R G B, 0…1.
    package func image(
        from frame: VideoFrame, rows: ParallelRows, pool: TensorPool? = nil
    ) throws -> PlanarImage {
        throw BrushflowError(.internal, "not yet")
    }
}
