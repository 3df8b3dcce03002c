/// What a convolution reads outside its input.
package enum Padding: Sendable, Equatable, CaseIterable {
    /// Mirrored about the border pixel, which is not repeated: −1 reads 1, and H reads H−2. Along an axis of
    /// one pixel there is nothing to mirror, and the pixel itself is repeated.
    case reflection
    /// Zero.
    case zero
    /// The border pixel.
    case edge

    /// The index that any position of an axis of `extent` reads, nil where it reads zero. Reflection goes to and fro
    /// where it meets the other border.
    func index(_ position: Int, _ extent: Int) -> Int? {
        if (0..<extent).contains(position) { return position }
        switch self {
        case .zero: return nil
        case .edge: return min(max(position, 0), extent - 1)
        case .reflection:
            guard extent > 1 else { return 0 }
            let period = 2 * (extent - 1)
            let phase = ((position % period) + period) % period
            return min(phase, period - phase)
        }
    }
}
