/// How far apart the two frames of a training pair may be. Lengths are shares of the frame's short side.
package struct PairRanges: Sendable, Equatable {
    /// The greatest shift of the whole picture, in each direction.
    package var shift = 0.15
    /// The greatest change of size.
    package var zoom = 0.04
    /// The greatest turn, in radians.
    package var rotation = 0.05
    /// The greatest change of size from the frame's centre to its border by perspective.
    package var perspective = 0.02
    /// The greatest number of layers in front of the picture, each with a motion of its own.
    package var layers = 3
    /// The greatest shift of a layer beyond the picture's; its zoom and rotation are as large as the picture's.
    package var layerShift = 0.08
    /// The share of pairs whose camera stands still.
    package var still = 0.2
    /// The greatest shift of the picture from frame to frame before the earlier frame, in each direction.
    package var drift = 0.015
    /// The share of pairs in which it moves along one axis alone then, as a camera that pans does: sideways in two of three.
    package var straight = 0.5
    /// Frames before the earlier one.
    package var views = 3
    /// The greatest standard deviation of the later frame's noise, 0…1.
    package var noise = 0.02
    /// The greatest relative change of the later frame's brightness and of its exponent (gamma).
    package var exposure = 0.06
    /// The share of pairs that show a scene in little light.
    package var dark = 0.3
    /// The least light of such a scene, a share of the picture's.
    package var darkest = 0.16

    /// The ranges that styles are learned with.
    package init() {}

    /// Where nothing differs.
    package static var none: PairRanges {
        var ranges = PairRanges()
        ranges.shift = 0
        ranges.zoom = 0
        ranges.rotation = 0
        ranges.perspective = 0
        ranges.layers = 0
        ranges.layerShift = 0
        ranges.drift = 0
        ranges.views = 0
        ranges.noise = 0
        ranges.exposure = 0
        ranges.dark = 0
        return ranges
    }
}
