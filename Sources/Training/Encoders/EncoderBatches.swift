import Foundation
import NeuralNet
import Tensors

/// The batches that an encoder is trained with: a quarter photographs and paintings, half what a rival painter paints or, one in
/// eight of these, the network that ships, and a quarter pictures that are being optimised against the encoder. A batch depends
/// on the seed and its number alone.
package struct EncoderBatches: BatchSequence {
    /// Where the pictures come from.
    package let source: EncoderPictures
    private let quarter: Int
    private let seed: UInt64

    /// One in so many of the half that is painted is by the network that ships, the others by the rival.
    private static let paintedEvery = 8

    /// Sets of slots that take turns, so that pictures differ from one step to the next.
    private static let groups = 3
    /// Turns until a slot's picture is replaced, each of some steps.
    private static let lives = 8..<30

    /// Describes the sequence.
    ///
    /// - Parameter batch: pictures in a batch, a multiple of 4.
    package init(_ source: EncoderPictures, batch: Int, seed: UInt64) {
        precondition(batch >= 4 && batch % 4 == 0, "\(batch) pictures")
        self.source = source
        quarter = batch / 4
        self.seed = seed
    }

    /// The slots for optimised pictures.
    package var slots: Int { Self.groups * quarter }

    package func batch(_ number: Int, pool: TensorPool?) throws -> EncoderBatch {
        func random(_ kind: UInt64, _ index: Int) -> SplitMix64 {
            SplitMix64(seed: seed, at: UInt64(number), kind, UInt64(index))
        }
        let (group, turn) = (number % Self.groups, number / Self.groups)
        return EncoderBatch(
            photographs: try (0..<quarter).map { index in
                var random = random(0, index)
                return try source.varied(&random, pool: pool)
            },
            painted: try (0..<2 * quarter).filter { isByShipped($0, number) }.map { index in
                var random = random(1, index)
                return try source.painted(&random, pool: pool)
            },
            lesson: try source.lesson(number, seed: seed, pool: pool),
            rival: try (0..<2 * quarter).filter { !isByShipped($0, number) }.map { index in
                var random = random(1, index)
                return try source.photograph(&random, pool: pool)
            },
            optimized: try (0..<quarter).map { index in
                let slot = group * quarter + index
                guard begins(slot, turn: turn) else { return EncoderBatch.Turn(slot: slot, fresh: nil) }
                var random = random(2, index)
                return EncoderBatch.Turn(slot: slot, fresh: try source.begun(&random, pool: pool))
            })
    }

    /// Whether a painted picture is by the network that ships.
    private func isByShipped(_ index: Int, _ number: Int) -> Bool { (index + number) % Self.paintedEvery == 0 }

    /// Whether a slot gets another picture; all do at the beginning, then each after its own number of turns.
    private func begins(_ slot: Int, turn: Int) -> Bool {
        var random = SplitMix64(seed: seed, at: UInt64.max, UInt64(slot))
        let life = Self.lives.lowerBound + random.index(below: Self.lives.count)
        return turn == 0 || (turn + random.index(below: life)) % life == 0
    }
}
