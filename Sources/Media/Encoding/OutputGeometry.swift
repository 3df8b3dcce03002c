import Tensors

/// How pictures have to be changed to fit a codec and a container: turned where the container cannot store a
/// rotation, and cut where the codec cannot hold an odd size.
struct OutputGeometry {
    /// What is encoded and stored.
    let description: OutputVideoDescription
    /// What is done to every picture first.
    let rotation: PixelRotation
    /// What changed, a sentence each.
    let notes: [String]

    /// - Throws: `.content` where nothing of the picture would be left.
    init(_ given: OutputVideoDescription, settings: EncoderSettings, path: String) throws {
        var fitted = given
        var notes: [String] = []
        var rotation = PixelRotation.identity
        if let matrix = given.displayMatrix, !settings.container.keepsDisplayMatrix {
            rotation = PixelRotation(displayMatrix: matrix)
            fitted.displayMatrix = nil
            if rotation.transposes {
                swap(&fitted.width, &fitted.height)
                swap(&fitted.sampleAspectRatio.numerator, &fitted.sampleAspectRatio.denominator)
                if !fitted.sampleAspectRatio.isPositive { fitted.sampleAspectRatio = Rational(0, 1) }
            }
            notes.append("\(path): .\(settings.container.rawValue) cannot store a rotation; the pictures are turned")
        }
        let (width, height) = (fitted.width, fitted.height)
        if settings.codec.halvesColumns { fitted.width &= ~1 }
        if settings.codec.halvesRows { fitted.height &= ~1 }
        if fitted.width != width || fitted.height != height {
            let lost =
                fitted.width == width
                ? "the last row is" : fitted.height == height ? "the last column is" : "the last column and row are"
            guard fitted.width > 0, fitted.height > 0 else {
                throw BrushflowError(
                    .content, "\(path): \(settings.codec.rawValue) cannot hold pictures of \(width)x\(height)")
            }
            notes.append(
                "\(path): \(settings.codec.rawValue) cannot hold the odd size \(width)x\(height); \(lost) left out: "
                    + "\(fitted.width)x\(fitted.height)")
        }
        fitted.color = given.color.resolved(height: fitted.height)
        // ProRes has no flag for its range: decoders take it as limited.
        if settings.codec == .prores { fitted.color.range = .limited }
        description = fitted
        self.rotation = rotation
        self.notes = notes
    }
}
