import Stylization

/// A painter that does less than the run's, and by how much.
struct TrialPainter {
    let painter: any Painter
    /// The run's time for a shot's first frame against this painter's.
    let firstFrameScale: Double
    /// The same for the other frames.
    let nextFrameScale: Double
}
