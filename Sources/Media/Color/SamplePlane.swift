/// One plane of a frame, lent for the length of a conversion; the stripes of the row loops share it.
struct SamplePlane: @unchecked Sendable {
    let base: UnsafeMutablePointer<UInt8>
    /// Bytes from a row to the next; negative in frames stored bottom up.
    let stride: Int

    /// The samples of a row as bytes.
    func bytes(row: Int) -> UnsafeMutablePointer<UInt8> { base + row * stride }

    /// The samples of a row of a format of more than 8 bits.
    func words(row: Int) -> UnsafeMutablePointer<UInt16> {
        UnsafeMutableRawPointer(base + row * stride).assumingMemoryBound(to: UInt16.self)
    }
}

/// The planes of a `[3, H, W]` tensor, lent for the length of a conversion.
struct FloatPlanes: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    let width: Int
    let height: Int

    /// A row of plane 0 (red), 1 (green) or 2 (blue).
    func row(_ plane: Int, _ y: Int) -> UnsafeMutablePointer<Float> { base + (plane * height + y) * width }
}
