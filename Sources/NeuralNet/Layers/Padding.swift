/// What a 3×3 convolution reads one pixel outside its input.
package enum Padding: Sendable, Equatable, CaseIterable {
    /// Mirrored about the border pixel, which is not repeated: −1 reads 1, and H reads H−2. Along an axis of
    /// one pixel there is nothing to mirror, and the pixel itself is repeated.
    case reflection
    /// Zero.
    case zero
    /// The border pixel.
    case edge

    /// The index that position −1 of an axis of `extent` reads; nil where it reads zero.
    func before(_ extent: Int) -> Int? {
        switch self {
        case .reflection: min(1, extent - 1)
        case .zero: nil
        case .edge: 0
        }
    }

    /// The index that position `extent` of an axis of `extent` reads; nil where it reads zero.
    func after(_ extent: Int) -> Int? {
        switch self {
        case .reflection: max(extent - 2, 0)
        case .zero: nil
        case .edge: extent - 1
        }
    }
}
