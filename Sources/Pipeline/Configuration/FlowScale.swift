/// The part of the frame's size at which optical flow is searched; the flow is then enlarged along the frame's edges.
public enum FlowScale: String, Sendable, CaseIterable {
    /// The largest of the others that leaves at most 2560×1440 pixels: a half at 4K.
    case auto
    /// The frame's size.
    case full = "1"
    /// A half of the width and of the height.
    case half = "2"
    /// A quarter of both.
    case quarter = "4"

    /// Halvings of the size; nil where the size decides.
    var halvings: Int? {
        switch self {
        case .auto: nil
        case .full: 0
        case .half: 1
        case .quarter: 2
        }
    }
}
