extension DenseInverseSearch {
    /// How thoroughly to search. The first three presets carry the names of OpenCV's.
    ///
    /// The constants were measured on the pairs of `Scripts/bench-flow`, as the geometric mean of the errors' ratios. Three
    /// sweeps after each of eight reweightings cost what five after each of five do and left 1 % less error. Two
    /// reweightings took 12 % off `ultrafast`, which had none. For `accurate`, the finest level at full size took 24 %, a
    /// second linearisation there 3 % and a third another 3 % at a third more time. Less smoothness is better on slow
    /// motion; on the fast pairs errors jump by a tenth at the least change of anything.
    ///
    /// A previous frame's flow as another start takes ½ % off `ultrafast` and `fast` on the drawn clip and less off the others.
    ///
    /// Not worth their cost: a cheaper preset for the flow the other way, which only the reliability mask looks at
    /// (`fast` beside `medium`: precision 0.21 instead of 0.26); smoothness weighted by the picture's edges (−3 % at half size, +1 % at full), filling or
    /// ignoring on every level what the two directions of flow disagree on (−1 % and −4 % for twice the time), locally
    /// normalised grey levels (+1 to +10 %), random displacements as candidates (+13 to +43 % on fast motion: a better
    /// match of a patch on a coarse level is often a wrong one).
    package struct Configuration: Sendable, Equatable {
        /// Halvings of the size at which the search ends; the flow is enlarged from there.
        package var finestScale: Int
        /// Pixels between patches on the finest level, 1…8.
        package var patchStride: Int
        /// Pixels between patches on the levels above it, 1…8.
        package var coarsePatchStride = 4
        /// Steps of descent per patch and pass; there are two passes.
        package var gradientSteps: Int
        /// Times that the refinement's robust weights are computed anew for each linearisation; 0 turns it off.
        package var refinements: Int
        /// Times that the finest level is linearised anew at the flow so far; the levels above it are once.
        package var linearisations: Int
        /// Red-black sweeps after each reweighting.
        package var sweeps: Int
        /// Weight of smoothness in the refinement.
        package var smoothness: Float
        /// Weight of brightness constancy.
        package var brightness: Float = 5
        /// Weight of gradient constancy.
        package var gradient: Float = 10

        /// Makes a configuration; out-of-range values are brought into range.
        package init(
            finestScale: Int, patchStride: Int, gradientSteps: Int, refinements: Int, linearisations: Int = 1,
            sweeps: Int = 3, smoothness: Float
        ) {
            self.finestScale = max(0, finestScale)
            self.patchStride = min(max(1, patchStride), 8)
            self.gradientSteps = max(0, gradientSteps)
            self.refinements = max(0, refinements)
            self.linearisations = max(1, linearisations)
            self.sweeps = max(1, sweeps)
            self.smoothness = max(0, smoothness)
        }

        /// A quarter of the size, a short refinement.
        package static let ultrafast = Configuration(
            finestScale: 2, patchStride: 4, gradientSteps: 6, refinements: 2, smoothness: 12)
        /// A quarter of the size.
        package static let fast = Configuration(
            finestScale: 2, patchStride: 4, gradientSteps: 8, refinements: 8, smoothness: 10)
        /// Half the size, a shorter search and refinement: most of what `medium` gains where motion is blurred. Painted clips
        /// flicker as little as with three sweeps, 6 steps and a smoothness of 14.
        package static let steady = Configuration(
            finestScale: 1, patchStride: 4, gradientSteps: 3, refinements: 6, sweeps: 2, smoothness: 24)
        /// Half the size.
        package static let medium = Configuration(
            finestScale: 1, patchStride: 3, gradientSteps: 12, refinements: 8, smoothness: 10)
        /// The full size, linearised twice.
        package static let accurate = Configuration(
            finestScale: 0, patchStride: 3, gradientSteps: 12, refinements: 6, linearisations: 2,
            smoothness: 15)

        /// Halvings at which the search begins: the frame is then 20…40 pixels long, and at least 8 where possible.
        package func coarsestScale(width: Int, height: Int) -> Int {
            var scale = 0
            while max(width, height) >> (scale + 1) >= 20 && min(width, height) >> (scale + 1) >= 8 {
                scale += 1
            }
            return scale
        }
    }
}
