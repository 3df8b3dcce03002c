/// One level of a coarse-to-fine optimisation.
package struct PyramidLevel: Sendable, Hashable {
    /// Rows.
    package let height: Int
    /// Columns.
    package let width: Int
    /// Pixels of the frame to one of the level, a side: 1, 2, 4 …
    package let divisor: Int
    /// Optimisation steps.
    package let steps: Int

    /// The levels of a `height`×`width` frame, coarse to fine: the last has the frame's size, each one before
    /// it half the next one's. Levels without steps, or with a side below `minimumSide`, are left out.
    package static func levels(height: Int, width: Int, steps: [Int], minimumSide: Int) -> [PyramidLevel] {
        steps.indices.compactMap { index in
            let divisor = 1 << (steps.count - 1 - index)
            let level = PyramidLevel(
                height: max(1, (height + divisor / 2) / divisor),
                width: max(1, (width + divisor / 2) / divisor),
                divisor: divisor,
                steps: steps[index])
            return level.steps > 0 && min(level.height, level.width) >= minimumSide ? level : nil
        }
    }
}
