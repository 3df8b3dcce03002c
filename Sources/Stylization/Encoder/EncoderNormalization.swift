import NeuralNet

/// What an encoder expects to be done to R, G, B of 0…1 before its first layer.
enum EncoderNormalization: String, CaseIterable, Sendable {
    /// (x − 0.45) / 0.25 for every channel.
    case slim = "slim-0.45-0.25"
    /// (x − mean) / deviation with the means and deviations of ImageNet, as torchvision.
    case imageNet = "imagenet-mean-std"

    /// The layer that does it.
    var layer: ChannelAffine {
        switch self {
        case .slim: ChannelAffine(means: [0.45, 0.45, 0.45], deviations: [0.25, 0.25, 0.25])
        case .imageNet: ChannelAffine(means: [0.485, 0.456, 0.406], deviations: [0.229, 0.224, 0.225])
        }
    }
}
