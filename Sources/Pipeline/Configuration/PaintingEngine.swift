/// What paints a frame.
public enum PaintingEngine: String, Sendable, CaseIterable {
    /// A feed-forward network, at once.
    case network
    /// Optimisation of its pixels, step by step.
    case optimize
}
