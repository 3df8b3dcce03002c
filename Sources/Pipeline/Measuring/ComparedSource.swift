import Measurement
import Tensors

/// Reads the compared clips side by side.
final class ComparedSource: Source {
    let name = "decode"
    private let source: ComparedClip
    private let stylized: ComparedClip
    private let independent: IndependentFrames
    private var surplus = 0
    /// Whether the stylized clip has ended.
    private var hasEnded = false

    /// Source frames read beyond the stylized clip's end, to see whether frames are missing in it.
    private static let mostSurplus = 2

    init(source: ComparedClip, stylized: ComparedClip, independent: IndependentFrames) {
        self.source = source
        self.stylized = stylized
        self.independent = independent
    }

    func next() throws -> MeasureStep? {
        if !hasEnded {
            let index = stylized.count
            if let painted = try stylized.next() {
                // A source that ends first ends the comparison.
                guard let original = try source.next() else { return nil }
                let cropped = Self.cropped(original, width: painted.width, height: painted.height)
                return .frames(
                    ComparedFrames(
                        index: index, source: cropped, stylized: painted,
                        independent: try independent.frame(index, of: cropped)))
            }
            hasEnded = true
        }
        guard surplus < Self.mostSurplus, let original = try source.next() else { return nil }
        surplus += 1
        return .surplus(Self.cropped(original, width: stylized.width, height: stylized.height))
    }

    /// The picture without the columns at its right and the rows at its bottom that the other clip has not got.
    private static func cropped(_ image: PlanarImage, width: Int, height: Int) -> PlanarImage {
        guard image.width != width || image.height != height else { return image }
        var tensor = Tensor([3, height, width])
        let (stride, plane) = (image.width, image.width * image.height)
        image.tensor.withFloats { source in
            tensor.withMutableFloats { target in
                for row in 0..<3 * height {
                    let from = row / height * plane + row % height * stride
                    _ = target[row * width..<(row + 1) * width].update(
                        fromContentsOf: source[from..<from + width])
                }
            }
        }
        return PlanarImage(tensor)
    }
}
