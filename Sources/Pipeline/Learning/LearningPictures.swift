import Media
import Tensors
import Training

/// What training pairs are cut from.
enum LearningPictures {
    /// A directory of photographs, with the words for those that could not be read.
    case photographs(PhotographLibrary)
    /// Drawn pictures alone.
    case drawn(DrawnPictures)
    /// What shall be painted: frames of a clip with some drawn pictures, or one image.
    case frames(any PictureCollection)

    /// The frames of a clip that are kept.
    private static let kept = 64
    /// The drawn pictures beside them, so that a clip that shows one thing alone teaches more than that.
    private static let besides = 16

    /// Opens what a path names: a directory of photographs, a clip, or one image; without a path, pictures are drawn.
    ///
    /// - Throws: as `PhotographLibrary`, `VideoReader` and `ImageFile`.
    init(path: String?, seed: UInt64, threads: Int) throws {
        guard let path else {
            self = .drawn(DrawnPictures(seed: seed))
            return
        }
        switch try InputKind(path: path) {
        case .directory: self = .photographs(try PhotographLibrary(directory: path))
        case .video:
            let frames = try ClipPictures.sample(clip: path, count: Self.kept, threads: threads)
            self = .frames(JoinedPictures([frames, DrawnPictures(count: Self.besides, seed: seed)]))
        case .still:
            let image = try ImageFile.read(path: path)
            self = .frames(
                PictureSet([
                    TrainingPicture(image, shortSide: TrainingPicture.keptSide, rows: ParallelRows(threads: threads))
                ]))
        }
    }

    /// The pictures.
    var collection: any PictureCollection {
        switch self {
        case .photographs(let library): library
        case .drawn(let pictures): pictures
        case .frames(let pictures): pictures
        }
    }

    /// How pairs made of them differ: what shall be painted is in its own light, any scene may be a dark one; and who fits
    /// a style to a clip in a minute learns more of it where less comes into view, which the base knows already.
    var ranges: PairRanges {
        var ranges = PairRanges()
        if isClip { (ranges.dark, ranges.shift) = (0, 0.05) } else { ranges.views = repeats }
        return ranges
    }

    /// Frames that at most are painted before the earlier one of a pair. A painting that moves on from frame to frame is only
    /// at the tenth what it stays, so a network that is to ship learns from there; a minute is too short for so many.
    var repeats: Int { isClip ? 6 : 20 }

    /// How many frames before the later one of a pair its gradient reaches. Without any, a painting is corrected as little as
    /// one frame gains by it, and drifts; a minute is too short for that too.
    var reach: Int { isClip ? 0 : 3 }

    /// The weight of content. Who fits a style to a clip has only the slim encoder to judge by, and that takes a picture full of
    /// hatching to be nearer to a painting than VGG-19 does; content holds it down.
    var content: Double { isClip ? 4.7 : 1 }

    /// The weight of total variation. At 2 and content at 1 the network covered flat areas with dots, which the slim
    /// encoder took for strokes; where content weighs more, it holds these down.
    var smoothness: Double { isClip ? 2 : 12 }

    /// The weight of consistency.
    var consistency: Double { isClip ? 50 : 40 }

    /// What a clip's first frame weighs against each of the others.
    var firstWeight: Double { isClip ? 1 : 0.4 }

    private var isClip: Bool {
        if case .frames = self { true } else { false }
    }

    /// What a user should know of them, after their use.
    var notes: [String] {
        guard case .photographs(let library) = self else { return [] }
        return library.notes
    }
}

extension PhotographLibrary {
    /// What a user should know, after its use.
    var notes: [String] {
        let unreadable = unreadable
        guard let first = unreadable.first else { return [] }
        let more = unreadable.count > 1 ? ", \(first) for example" : ": \(first)"
        return ["\(unreadable.count) of \(count) photographs could not be read and were passed over\(more)"]
    }
}
