/// What numbers a network gives for a picture.
package enum OutputRange: String, Sendable, CaseIterable {
    /// 0…1.
    case unit = "0..1"
    /// 0…255.
    case bytes = "0..255"
    /// −1…1.
    case signed = "-1..1"
    /// 0…1 less ImageNet's mean and divided by its deviation.
    case imagenet

    /// Scale and offset of a channel (0 red, 1 green, 2 blue) to 0…1.
    func affine(channel: Int) -> (scale: Float, offset: Float) {
        switch self {
        case .unit: return (1, 0)
        case .bytes: return (1 / 255, 0)
        case .signed: return (0.5, 0.5)
        case .imagenet:
            let (scale, offset) = InputRange.imagenet.affine(channel: channel)
            return (1 / scale, -offset / scale)
        }
    }
}
