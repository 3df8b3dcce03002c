import Tensors

/// What an encoder learns from in one step.
package struct EncoderBatch: Sendable {
    /// A picture that goes on being optimised in this step.
    package struct Turn: Sendable {
        /// Its slot.
        package let slot: Int
        /// The picture that takes the slot, where the one there has had its time.
        package let fresh: OptimizedPicture?

        /// Names a slot.
        package init(slot: Int, fresh: OptimizedPicture?) {
            self.slot = slot
            self.fresh = fresh
        }
    }

    /// Parts of photographs and paintings, `[3, side, side]`, 0…1.
    package let photographs: [Tensor]
    /// What the style network that ships made of photographs, of the same shape.
    package let painted: [Tensor]
    /// What a rival painter learns from, and the parts of photographs that it then paints.
    package let lesson: RivalPainter.Lesson
    package let rival: [Tensor]
    /// Those that are being optimised.
    package let optimized: [Turn]

    /// Collects the parts.
    package init(
        photographs: [Tensor], painted: [Tensor], lesson: RivalPainter.Lesson, rival: [Tensor], optimized: [Turn]
    ) {
        self.photographs = photographs
        self.lesson = lesson
        self.rival = rival
        self.painted = painted
        self.optimized = optimized
    }
}
