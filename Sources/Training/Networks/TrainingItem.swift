/// One share of a batch: a pair of frames, and the style that it is painted in.
package struct TrainingItem: Sendable {
    /// The two frames and their motion.
    package let pair: TrainingPair
    /// The index of the style in the network and among the trainer's targets.
    package let style: Int

    /// Pairs frames with a style.
    package init(pair: TrainingPair, style: Int) {
        self.pair = pair
        self.style = style
    }
}
