import CEmbedded
import Foundation
import Media
import OpticalFlow
import Stylization
import Tensors

/// Paints a picture in every style there is to choose from.
public struct StylePreviewJob {
    private let styles: [StyleCatalogue.Entry]
    private let network: String?
    private let picture: PlanarImage
    private let directory: String
    private let overwrite: Bool
    private let rows: ParallelRows
    private let token: CancellationToken

    /// Reads the picture.
    ///
    /// - Parameters:
    ///   - network: a file of learned styles; nil for those that ship.
    ///   - picture: an image file; nil for the drawn one that ships.
    ///   - directory: gets `NAME.png` for every style; made where it does not exist.
    /// - Throws: as `StyleCatalogue.entries` and `ImageFile`; `.output` where a file exists and may not be replaced.
    public init(
        network: String? = nil, picture: String? = nil, directory: String, overwrite: Bool = false,
        threads: Int? = nil, token: CancellationToken = CancellationToken()
    ) throws {
        styles = try StyleCatalogue.entries(of: network)
        self.network = network
        self.picture = try picture.map { try ImageFile.read(path: $0) } ?? Self.sample()
        self.directory = directory
        self.overwrite = overwrite
        self.token = token
        rows = ThreadBudget(total: threads).rows
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw BrushflowError(.output, "\(directory): cannot make the directory; choose another name")
        }
        for style in styles { try PendingFile.check(target: path(of: style), overwrite: overwrite) }
    }

    /// Paints, one style after the other.
    ///
    /// - Parameter painted: is told each file when it is written.
    /// - Throws: as `LoadedStyle` and `ImageFile`; where the token was cancelled, its reason.
    public func run(painted: (String) -> Void) throws {
        let pool = TensorPool(capacity: 1 << 30)
        for (index, style) in styles.enumerated() {
            var configuration = Configuration()
            if network != nil { configuration.network.style = index }
            let loaded = try LoadedStyle(StyleMixture(network ?? style.name), configuration, rows: rows)
            let painter = try loaded.painter(
                configuration.stylization, seed: 0, rows: rows, pool: pool, token: token)
            let frame = try painter.paint(FlowedImage(image: picture, motion: nil))
            try token.check()
            let file = path(of: style)
            try ImageFile.write(frame, path: file, overwrite: overwrite)
            painted(file)
        }
    }

    private func path(of style: StyleCatalogue.Entry) -> String {
        (directory as NSString).appendingPathComponent("\(style.name).png")
    }

    /// The bay of the fixture clip.
    private static func sample() throws -> PlanarImage {
        let file = bf_sample_picture()
        return try ImageFile.read(bytes: Data(bytes: file.bytes, count: file.count), name: "sample picture")
    }
}
