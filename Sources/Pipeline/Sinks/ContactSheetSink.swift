import Media
import Tensors

/// Lays evenly spaced frames of a segment out on one picture.
package final class ContactSheetSink: Sink {
    package let name = "encode"
    private let path: String
    private let overwrite: Bool
    private let rotation: PixelRotation
    private let rows: ParallelRows
    private let places: Int
    /// Frames kept so far: every `stride`-th; thinned out to every second whenever there are twice too many.
    private var kept: [PlanarImage] = []
    private var stride = 1
    private var seen = 0

    /// Makes a sink that shows up to `places` frames, at least 2.
    package init(path: String, overwrite: Bool, rotation: PixelRotation, rows: ParallelRows, places: Int = 12) {
        self.path = path
        self.overwrite = overwrite
        self.rotation = rotation
        self.rows = rows
        self.places = places
    }

    package func accept(_ input: PaintedFrame) {
        if seen % stride == 0 { kept.append(rotation.apply(to: input.image, rows: rows)) }
        seen += 1
        if kept.count == 2 * places {
            kept = kept.indices.filter { $0 % 2 == 0 }.map { kept[$0] }
            stride *= 2
        }
    }

    package func finish() throws {
        guard let first = kept.first else { return }
        let shown = Self.spread(kept.count, over: places).map { kept[$0] }
        let columns = first.width >= 2 * first.height ? 2 : (shown.count > 4 ? 4 : min(2, shown.count))
        try ImageFile.write(ImageGrid.join(shown, columns: columns), path: path, overwrite: overwrite)
    }

    /// Up to `places` indices below `count`, evenly spaced, the first and last included.
    private static func spread(_ count: Int, over places: Int) -> [Int] {
        guard count > places else { return Array(0..<count) }
        return (0..<places).map { $0 * (count - 1) / (places - 1) }
    }
}
