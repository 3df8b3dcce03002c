import Tensors

/// One picture of a scene: where it lies in the earlier frame, how it moves, and what it covers.
package struct PairLayer: Sendable {
    /// Which part of a picture is seen.
    package struct View: Sendable {
        /// The place in the picture that the frame's centre shows.
        package var center: SIMD2<Double>
        /// Picture pixels a frame pixel; negative to the right where mirrored.
        package var spacing: SIMD2<Double>

        /// Looks at a picture.
        package init(center: SIMD2<Double>, spacing: SIMD2<Double>) {
            self.center = center
            self.spacing = spacing
        }
    }

    /// From the later frame into the earlier one.
    let motion: Homography
    /// What it covers in the earlier frame; nil for all.
    let shape: LayerShape?
    private let texture: PictureTexture
    private let view: View

    /// Places a picture.
    package init(picture: TrainingPicture, view: View, motion: Homography, shape: LayerShape?) {
        self.init(
            texture: PictureTexture(picture, spacing: abs(view.spacing.x)), view: view, motion: motion, shape: shape)
    }

    /// The same with another motion.
    func moving(by motion: Homography) -> PairLayer {
        PairLayer(texture: texture, view: view, motion: motion, shape: shape)
    }

    private init(texture: PictureTexture, view: View, motion: Homography, shape: LayerShape?) {
        self.texture = texture
        self.view = view
        self.motion = motion
        self.shape = shape
    }

    /// How much of a place in the earlier frame it covers.
    func coverage(_ place: SIMD2<Double>) -> Double { shape?.coverage(place.x, place.y) ?? 1 }

    /// The colour of a pixel, given where it lies in the earlier frame and how far a pixel to the right and down reach there:
    /// the mean of four samples in it. Both frames are sampled alike, so nothing flickers by being sharper in one of them.
    func colour(_ pixel: (place: SIMD2<Double>, right: SIMD2<Double>, down: SIMD2<Double>)) -> SIMD4<Float> {
        let place = view.center + view.spacing * pixel.place
        let (right, down) = (0.25 * view.spacing * pixel.right, 0.25 * view.spacing * pixel.down)
        let upper = texture.sample(place - right - down) + texture.sample(place + right - down)
        let lower = texture.sample(place - right + down) + texture.sample(place + right + down)
        return 0.25 * (upper + lower)
    }
}
