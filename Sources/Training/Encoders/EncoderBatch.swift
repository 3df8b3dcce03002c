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
    /// What a style network made of photographs, of the same shape.
    package let painted: [Tensor]
    /// Those that are being optimised.
    package let optimized: [Turn]

    /// Collects the parts.
    package init(photographs: [Tensor], painted: [Tensor], optimized: [Turn]) {
        self.photographs = photographs
        self.painted = painted
        self.optimized = optimized
    }
}
