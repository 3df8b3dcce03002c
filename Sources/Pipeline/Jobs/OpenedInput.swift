import Media
import OpticalFlow
import Tensors

/// An input that was opened and looked at, ready to yield its frames once.
final class OpenedInput {
    private enum Frames {
        case video(VideoReader, VideoReadOptions)
        case directory(ImageDirectory, Range<Int>, warmUp: Int, maximumPixels: Int)
        case still(PlanarImage)
    }

    private var frames: Frames
    /// The frames that an earlier run finished.
    private var done = 0
    /// The video that an output has where it keeps everything.
    let description: OutputVideoDescription
    /// How many frames there are, where that is known.
    let frameCount: Int?
    /// Whether the input is one image.
    let isStill: Bool

    /// Opens a request's input.
    ///
    /// - Parameter paints: whether its frames are painted.
    /// - Throws: as `VideoReader`, `ImageDirectory` and `ImageFile`; `.usage` where the segment does not fit.
    init(_ request: StylizeRequest, paints: Bool, decoderThreads: Int) throws {
        let settings = request.configuration.run
        // Frames that are not painted have no temporal state to warm up.
        let warmUp = paints ? settings.warmUpFrames : 0
        switch try InputKind(path: request.input) {
        case .video:
            let options = VideoReadOptions(
                threads: decoderThreads, maximumDamagedPackets: settings.maximumDamagedPackets,
                segment: request.segment, warmUpFrames: request.segment == nil ? 0 : warmUp,
                maximumPixels: settings.maximumPixels, maximumFrames: settings.maximumFrames)
            let reader = try VideoReader(path: request.input, options: options)
            frames = .video(reader, options)
            description = reader.info.video.outputDescription
            frameCount = Self.count(of: reader.info, in: request.segment)
            isStill = false
        case .directory:
            let directory = try ImageDirectory(path: request.input, maximumPixels: settings.maximumPixels)
            let range = try Self.range(of: directory, at: request.frameRate, in: request.segment)
            try SourceChecks.checkClaim(
                "holds", of: range.count, path: request.input, maximumFrames: settings.maximumFrames)
            frames = .directory(directory, range, warmUp: warmUp, maximumPixels: settings.maximumPixels)
            description = OutputVideoDescription(
                width: directory.width, height: directory.height,
                timeBase: Rational(request.frameRate.denominator, request.frameRate.numerator),
                frameRate: request.frameRate)
            frameCount = range.count
            isStill = false
        case .still:
            guard request.segment == nil else {
                throw BrushflowError(
                    .usage, "\(request.input): is one image, so --from, --to and --duration do not apply")
            }
            let image = try ImageFile.read(path: request.input, maximumPixels: settings.maximumPixels)
            frames = .still(image)
            description = OutputVideoDescription(width: image.width, height: image.height, timeBase: Rational(1, 25))
            frameCount = 1
            isStill = true
        }
    }

    /// The turn that makes the pictures upright.
    var rotation: PixelRotation {
        description.displayMatrix.map(PixelRotation.init(displayMatrix:)) ?? .identity
    }

    /// A chain of the frames with their pictures, in the loop of the stage called `name`, to be fused; made once.
    func chain(into name: String, rows: ParallelRows, pool: TensorPool) -> Chain<SourceFrame> {
        Chain(source).then(PictureStage(name: name, rows: rows, pool: pool))
    }

    /// The frames, one at a time; made once.
    var source: any Source<DecodedFrame> {
        switch frames {
        case .video(let reader, _): VideoSource(reader: reader, done: done)
        case .directory(let directory, let range, let warmUp, let maximumPixels):
            DirectorySource(directory, range: range, warmUp: warmUp, done: done, maximumPixels: maximumPixels)
        case .still(let image): StillSource(image)
        }
    }

    /// Goes on after the frames that an earlier run finished; before the chain is made.
    ///
    /// - Throws: `.content` where the last of them is not found in its place, with the same time stamp and, where it is known,
    ///   the same luma.
    func resume(after place: ResumePlace, rows: ParallelRows) throws {
        done = place.frames
        guard case .video(let reader, let options) = frames else { return }
        if place.isClean, try Self.find(place, jumping: true, in: reader, rows) { return }
        let fromStart = place.isClean ? try VideoReader(path: reader.info.path, options: options) : reader
        frames = .video(fromStart, options)
        guard try !Self.find(place, jumping: false, in: fromStart, rows) else { return }
        throw BrushflowError(
            .content,
            "\(reader.info.path): does not have frame \(place.frames - 1) that an earlier run painted; give --restart to "
                + "begin anew")
    }

    private static func find(
        _ place: ResumePlace, jumping: Bool, in reader: VideoReader, _ rows: ParallelRows
    ) throws -> Bool {
        guard let frame = try reader.resume(afterFrames: place.frames, pts: place.pts, jumping: jumping) else {
            return false
        }
        guard let luma = place.luma else { return true }
        let image = try FrameConverter().image(from: frame, rows: rows, pool: nil)
        guard image.width == luma.shape[1], image.height == luma.shape[0] else { return false }
        return GreyPyramid(image, levels: 1, rows: rows).luma == luma
    }

    /// The source's second that becomes 0 in the output; nil where the frames were files.
    var sourceZero: Double? {
        guard case .video(let reader, _) = frames else { return nil }
        return reader.sourceZero
    }

    /// Damaged packets that were skipped so far.
    var damagedPackets: Int {
        guard case .video(let reader, _) = frames else { return 0 }
        return reader.damagedPackets
    }

    /// What a user should know of the input.
    var notes: [String] {
        guard case .video(let reader, _) = frames else { return [] }
        return reader.notes
    }

    /// The frames of a segment of a video, from the header; nil where it does not say.
    private static func count(of info: MediaInfo, in segment: MediaSegment?) -> Int? {
        guard let segment else { return info.video.estimatedFrameCount }
        guard let rate = info.video.frameRate, let end = segment.to ?? info.video.duration ?? info.duration else {
            return nil
        }
        let last = min(end, info.video.duration ?? end)
        return max(1, frames((last - segment.from) * rate.value))
    }

    /// The frames of a segment of a directory.
    private static func range(
        of directory: ImageDirectory, at rate: Rational, in segment: MediaSegment?
    ) throws -> Range<Int> {
        let all = directory.names.count
        guard let segment else { return 0..<all }
        let duration = Double(all) / rate.value
        guard segment.from < duration else {
            throw BrushflowError(
                .usage,
                "\(directory.path): --from \(segment.from) s lies past the end; the frames last \(duration) s at "
                    + "\(rate) frames a second")
        }
        let first = min(all - 1, frames(segment.from * rate.value))
        let end = segment.to.map { min(all, max(first + 1, frames($0 * rate.value))) } ?? all
        return first..<end
    }

    /// The whole frames that cover a part of one, whatever a header or a segment says.
    private static func frames(_ value: Double) -> Int { Int(min(max(value.rounded(.up), 0), 0x1p52)) }
}
