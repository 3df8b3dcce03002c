import Foundation
import Measurement
import Media
import OpticalFlow
import Tensors

/// Gathers the pictures of a report while the clips pass by, a bounded number of them.
final class ReportPictures {
    /// The pictures of a frame of great excess, JPEG files.
    struct Worst {
        let index: Int
        let excess: Double
        let stylized: Data
        let heat: Data
        let flow: Data
        let mask: Data
        /// Pixels of flow that get full colour.
        let longestFlow: Float
    }

    /// A frame of the filmstrip, JPEG files.
    struct Still {
        let index: Int
        let source: Data
        let stylized: Data
    }

    /// The frames of the greatest excess, the worst first.
    private(set) var worst: [Worst] = []
    /// Both clips side by side as an mp4 file; nil where they are too large.
    private(set) var clip: Data?
    private var stills: [Still] = []
    private var stride = 1
    private let player: PlayerClip
    private let rows: ParallelRows
    private let wide: Resampler
    private let narrow: Resampler

    private static let mostWorst = 10
    private static let mostStills = 9
    private static let quantizer = 5

    /// Gathers of clips of `width`×`height`; `frames` is their length, where that is known.
    init(width: Int, height: Int, frames: Int?, rate: Rational, rows: ParallelRows) throws {
        self.rows = rows
        wide = PlayerClip.reduction(width: width, height: height, to: 420)
        narrow = PlayerClip.reduction(width: width, height: height, to: 220)
        player = try PlayerClip(width: width, height: height, frames: frames, rate: rate, rows: rows)
    }

    func add(_ frames: ComparedFrames, _ outcome: ClipMeasurer.Outcome) throws {
        if frames.index % stride == 0 {
            stills.append(
                Still(
                    index: frames.index, source: try jpeg(frames.source, narrow),
                    stylized: try jpeg(frames.stylized, narrow)))
            if stills.count == 8 * Self.mostStills {
                stills = stills.indices.filter { $0 % 2 == 0 }.map { stills[$0] }
                stride *= 2
            }
        }
        try player.add(source: frames.source, stylized: frames.stylized)
        guard let motion = outcome.motion, let previous = outcome.previous,
            let excess = outcome.figures.short?.excess, excess > 0,
            worst.count < Self.mostWorst || excess > worst[worst.count - 1].excess
        else { return }
        let pictures = try worstPictures(frames, previous, motion, excess: excess)
        worst.insert(pictures, at: worst.firstIndex { $0.excess < excess } ?? worst.count)
        if worst.count > Self.mostWorst { worst.removeLast() }
    }

    /// The colours of the difference pictures, a JPEG file.
    func heatScale() throws -> Data {
        try ImageFile.jpeg(DifferencePicture.scale(width: 128, height: 16), quantizer: Self.quantizer)
    }

    /// Frames of the clip side by side.
    var playedFrames: Int { player.count }

    /// Frames a second of the clip side by side.
    var rate: Rational { player.rate }

    func finish() throws { clip = try player.finish() }

    /// Up to nine frames spread over the clip.
    var filmstrip: [Still] {
        guard stills.count > Self.mostStills else { return stills }
        return (0..<Self.mostStills).map { stills[$0 * (stills.count - 1) / (Self.mostStills - 1)] }
    }

    private func worstPictures(
        _ frames: ComparedFrames, _ previous: ComparedFrames, _ motion: MeasuredMotion, excess: Double
    ) throws -> Worst {
        let heat = DifferencePicture.heat(
            current: frames.stylized, previous: previous.stylized, motion: motion, rows: rows)
        let mask = PlanarImage(Self.tripled(motion.mask.tensor))
        let longest = Self.longest(motion.flow)
        let flow = FlowColorWheel.picture(of: motion.flow, longest: longest)
        return Worst(
            index: frames.index, excess: excess, stylized: try jpeg(frames.stylized, wide), heat: try jpeg(heat, wide),
            flow: try jpeg(flow, wide), mask: try jpeg(mask, wide), longestFlow: longest)
    }

    private func jpeg(_ image: PlanarImage, _ reduction: Resampler) throws -> Data {
        try ImageFile.jpeg(
            PlanarImage(reduction.resample(image.tensor, rows: rows)), quantizer: Self.quantizer)
    }

    /// The length that one flow vector in a hundred exceeds, at least 1 pixel: outliers would darken all others.
    private static func longest(_ flow: FlowField) -> Float {
        let count = flow.width * flow.height
        let lengths = flow.tensor.withFloats { f in
            Swift.stride(from: 0, to: count, by: max(1, count / 10_000)).map {
                (f[$0] * f[$0] + f[count + $0] * f[count + $0]).squareRoot()
            }
        }.sorted()
        return max(1, lengths[lengths.count * 99 / 100])
    }

    private static func tripled(_ plane: Tensor) -> Tensor {
        let values = plane.values
        return Tensor([3, plane.shape[1], plane.shape[2]], values + values + values)
    }
}
