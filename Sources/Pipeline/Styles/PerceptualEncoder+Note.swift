import Stylization

extension PerceptualEncoder {
    /// What a user should know of how an encoder's file was read; nil where there is nothing to say.
    func assumptionNote(path: String?) -> String? {
        guard assumedNormalization, let path else { return nil }
        return "\(path): does not say how its input is normalised; torchvision's mean and deviation were assumed"
    }
}
