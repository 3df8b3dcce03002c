import Media
import Tensors

/// One of the clips that are compared, its pictures upright.
final class ComparedClip {
    let path: String
    /// Columns of the upright pictures.
    let width: Int
    /// Their rows.
    let height: Int
    private let input: OpenedInput
    private let frames: any Source<DecodedFrame>
    private let pictures: PictureStage
    private let isVideo: Bool
    private let rows: ParallelRows
    /// Frames read so far.
    private(set) var count = 0
    private var hasEnded = false

    /// Frames that are worth decoding for nothing but their number.
    private static let mostCounted = 200

    /// - Throws: as `OpenedInput`; `.usage` where the path is one image.
    init(
        path: String, request: MeasureRequest, segment: MediaSegment?, budget: ThreadBudget, pool: TensorPool
    ) throws {
        self.path = path
        rows = budget.rows
        var opening = StylizeRequest(input: path, output: "", style: nil)
        opening.segment = segment
        opening.frameRate = request.frameRate
        opening.configuration.run = request.configuration.run
        isVideo = try InputKind(path: path) == .video
        input = try OpenedInput(opening, paints: false, decoderThreads: budget.decoder)
        guard !input.isStill else {
            throw BrushflowError(
                .usage, "\(path): is one image; clips are compared: give a video or a directory of frames")
        }
        let (columns, lines) = (input.description.width, input.description.height)
        (width, height) = input.rotation.transposes ? (lines, columns) : (columns, lines)
        frames = input.source
        pictures = PictureStage(name: "pictures", rows: budget.rows, pool: pool)
    }

    /// Frames that the header promises.
    var promisedCount: Int? { input.frameCount }

    /// Frames a second; nil for files of frames, which have none.
    var frameRate: Double? { isVideo ? input.description.frameRate?.value : nil }

    /// Frames a second to play it at.
    var playingRate: Rational { input.description.frameRate ?? Rational(25, 1) }

    /// What a user should know of the clip.
    var notes: [String] { input.notes }

    /// The next frame, or nil after the last.
    func next() throws -> PlanarImage? {
        guard !hasEnded, let frame = try frames.next() else {
            hasEnded = true
            return nil
        }
        count += 1
        return input.rotation.apply(to: try pictures.frame(frame).image, rows: rows)
    }

    /// The frames of the whole clip, counted to the end; the header is believed only where that is far off, since it may
    /// know the duration alone.
    func total() throws -> Int {
        if !hasEnded, let promised = promisedCount, promised > count + Self.mostCounted { return promised }
        while try next() != nil {}
        return count
    }

    /// Whether this clip's rate is another than `other`'s by more than half a per cent.
    func runsAtAnotherRate(than other: ComparedClip) -> Bool {
        guard let mine = frameRate, let its = other.frameRate else { return false }
        return abs(mine - its) > 0.005 * its
    }
}
