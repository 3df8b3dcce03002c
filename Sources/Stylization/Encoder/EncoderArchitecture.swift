import NeuralNet
import Tensors

/// The two networks that are known as perceptual encoders: VGG-19's order of layers in two widths.
enum EncoderArchitecture: String, CaseIterable, Sendable {
    /// A quarter of VGG-19's widths to relu4_1, with maps to VGG-19's features.
    case slim = "slim-vgg19"
    /// Simonyan and Zisserman 2015, configuration E, torchvision's key names, to relu5_1 at most.
    case vgg19 = "vgg19"

    /// A convolution of the network.
    struct Convolution: Sendable {
        /// `1_1`.
        let name: String
        let inputs: Int
        let outputs: Int
        /// Its keys in a weight file, without `.weight` and `.bias`.
        let key: String
        /// Whether 2×2 pooling comes before it.
        let followsPooling: Bool
    }

    /// The convolutions in order.
    var convolutions: [Convolution] {
        let blocks: [(width: Int, count: Int)] =
            switch self {
            case .slim: [(16, 2), (32, 2), (64, 3), (128, 1)]
            case .vgg19: [(64, 2), (128, 2), (256, 4), (512, 4), (512, 1)]
            }
        var convolutions: [Convolution] = []
        var (inputs, feature) = (3, 0)
        for (block, (width, count)) in blocks.enumerated() {
            for number in 0..<count {
                let name = "\(block + 1)_\(number + 1)"
                convolutions.append(
                    Convolution(
                        name: name, inputs: inputs, outputs: width,
                        key: self == .slim ? "conv\(name)" : "features.\(feature)",
                        followsPooling: block > 0 && number == 0))
                inputs = width
                // torchvision counts ReLU and pooling as layers of their own.
                feature += number == count - 1 ? 3 : 2
            }
        }
        return convolutions
    }

    /// The tap that the content loss looks at.
    var contentTap: String { self == .slim ? "4_1" : "4_2" }

    /// The channels that the map at a tap leads to (`adapter1` at 1_1 and so on); nil where there are no maps.
    func adapterChannels(block: Int) -> Int? { self == .slim ? [64, 128, 256, 512][block] : nil }

    /// The pooling that the network was trained with.
    var pooling: Pooling2x2.Kind { self == .slim ? .average : .max }

    /// The normalisation of files that do not name one.
    var normalization: EncoderNormalization { self == .slim ? .slim : .imageNet }

    /// Whether a published file of the whole network has this tensor, though no tap needs it.
    func mayHave(_ key: String) -> Bool {
        guard self == .vgg19 else { return false }
        let unneeded = ["features.30", "features.32", "features.34", "classifier.0", "classifier.3", "classifier.6"]
        return unneeded.contains { key == "\($0).weight" || key == "\($0).bias" }
    }
}
