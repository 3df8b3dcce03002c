/// What numbers a network takes for a picture.
public enum InputRange: String, Sendable, CaseIterable {
    /// 0…1.
    case unit = "0..1"
    /// 0…255.
    case bytes = "0..255"
    /// 0…1, then less ImageNet's mean and divided by its deviation, channel by channel, as torchvision does.
    case imagenet

    /// Scale and offset of a channel (0 red, 1 green, 2 blue) from 0…1.
    func affine(channel: Int) -> (scale: Float, offset: Float) {
        let means: [Float] = [0.485, 0.456, 0.406]
        let deviations: [Float] = [0.229, 0.224, 0.225]
        switch self {
        case .unit: return (1, 0)
        case .bytes: return (255, 0)
        case .imagenet: return (1 / deviations[channel], -means[channel] / deviations[channel])
        }
    }
}
