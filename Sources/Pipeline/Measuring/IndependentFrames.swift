import Measurement
import OpticalFlow
import Stylization
import Tensors

/// Where frames painted by themselves come from.
enum IndependentFrames {
    /// There are none.
    case none
    /// Another clip, frame by frame.
    case clip(ComparedClip)
    /// The source's frames of these numbers, painted now.
    case painted(any Painter, Set<Int>)

    /// The independent painting of frame `index`, where there is one.
    func frame(_ index: Int, of source: PlanarImage) throws -> PlanarImage? {
        switch self {
        case .none: return nil
        case .clip(let clip): return try clip.next()
        case .painted(let painter, let frames):
            guard frames.contains(index) else { return nil }
            do {
                return try painter.paint(FlowedImage(image: source, motion: nil))
            } catch is CancellationError {
                throw PipelineEnd.cancelled
            }
        }
    }

    /// Pairs of neighbouring frames to paint, spread over a clip: the later one of each at a multiple of `interval`, so
    /// that its distances are measured too.
    static func sample(of count: Int, every interval: Int) -> Set<Int> {
        let candidates = Array(stride(from: interval, to: count, by: interval))
        let pairs = min(mostPairs, candidates.count)
        let chosen = (0..<pairs).map { candidates[(2 * $0 + 1) * candidates.count / (2 * pairs)] }
        return Set(chosen.flatMap { [$0 - 1, $0] })
    }

    private static let mostPairs = 5
}
