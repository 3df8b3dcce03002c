extension DenseInverseSearch {
    /// How thoroughly to search. The presets carry the names of OpenCV's.
    package struct Configuration: Sendable, Equatable {
        /// Halvings of the size at which the search ends; the flow is enlarged from there.
        package var finestScale: Int
        /// Pixels between patches, 1…8.
        package var patchStride: Int
        /// Steps of descent per patch and pass; there are two passes.
        package var gradientSteps: Int
        /// Times that the refinement's robust weights are computed anew on each level; 0 turns it off.
        package var refinements: Int
        /// Red-black sweeps after each of them.
        package var sweeps = 5
        /// Weight of smoothness in the refinement.
        package var smoothness: Float = 20
        /// Weight of brightness constancy.
        package var brightness: Float = 5
        /// Weight of gradient constancy.
        package var gradient: Float = 10

        /// Makes a configuration; out-of-range values are brought into range.
        package init(finestScale: Int, patchStride: Int, gradientSteps: Int, refinements: Int) {
            self.finestScale = max(0, finestScale)
            self.patchStride = min(max(1, patchStride), 8)
            self.gradientSteps = max(0, gradientSteps)
            self.refinements = max(0, refinements)
        }

        /// A quarter of the size, no refinement.
        package static let ultrafast = Configuration(
            finestScale: 2, patchStride: 4, gradientSteps: 6, refinements: 0)
        /// A quarter of the size.
        package static let fast = Configuration(finestScale: 2, patchStride: 4, gradientSteps: 8, refinements: 5)
        /// Half the size.
        package static let medium = Configuration(finestScale: 1, patchStride: 3, gradientSteps: 12, refinements: 5)

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
