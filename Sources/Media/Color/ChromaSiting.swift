import CFFmpeg

/// Where the chroma samples of subsampled formats lie among the luma samples.
struct ChromaSiting: Equatable {
    /// Whether chroma columns lie on even luma columns, not between two.
    let isLeft: Bool
    /// Whether chroma rows lie on even luma rows, not between two.
    let isTop: Bool

    /// H.264's and MPEG-2's usual 4:2:0.
    static let left = ChromaSiting(isLeft: true, isTop: false)

    init(isLeft: Bool, isTop: Bool) {
        self.isLeft = isLeft
        self.isTop = isTop
    }

    /// Reads libav's tag; unspecified is left.
    init(_ location: AVChromaLocation) {
        switch location {
        case AVCHROMA_LOC_CENTER: self.init(isLeft: false, isTop: false)
        case AVCHROMA_LOC_TOPLEFT: self.init(isLeft: true, isTop: true)
        case AVCHROMA_LOC_TOP: self.init(isLeft: false, isTop: true)
        default: self = .left
        }
    }

    /// The two chroma rows, and the second's weight, that make up the chroma of luma row `y` at half density.
    func rows(for y: Int, chromaHeight: Int) -> (first: Int, second: Int, weight: Float) {
        let half = y / 2
        if isTop {
            return y % 2 == 0 ? (half, half, 0) : (half, min(half + 1, chromaHeight - 1), 0.5)
        }
        return y % 2 == 0
            ? (half, max(half - 1, 0), 0.25) : (half, min(half + 1, chromaHeight - 1), 0.25)
    }
}
