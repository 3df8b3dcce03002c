import NeuralNet

/// How a feed-forward network is used.
public struct NetworkConfiguration: Sendable, Equatable {
    /// What numbers an ONNX network takes for a picture; nil to read it from the graph, or to find it by a trial.
    public var inputRange: InputRange?
    /// Which of a style network's styles, from 0.
    public var style = 0
    /// How several styles are blended.
    public var blend = StyleBlend.linear
    /// What a learned network multiplies.
    public var precision = NetworkPrecision.auto

    /// The defaults.
    public init() {}
}
