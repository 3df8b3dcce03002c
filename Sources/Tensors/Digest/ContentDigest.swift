import Foundation

/// A 64-bit digest of a sequence of pictures or files, bit for bit: equal runs have equal digests.
package struct ContentDigest: Sendable {
    private static let prime: UInt64 = 0x0000_0100_0000_01b3
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    /// Takes one picture in: its size and every float's bit pattern, mixed by multiply and rotate (after FNV-1a).
    package mutating func add(_ image: PlanarImage) {
        mix(UInt64(image.width) << 32 | UInt64(image.height))
        // Each number waits for the one before it: four sequences side by side take a quarter of the time.
        var lanes = (state, state ^ 1, state ^ 2, state ^ 3)
        image.tensor.withFloats { floats in
            let whole = floats.count / 8 * 8
            for index in stride(from: 0, to: whole, by: 8) {
                Self.mix(floats, index, into: &lanes.0)
                Self.mix(floats, index + 2, into: &lanes.1)
                Self.mix(floats, index + 4, into: &lanes.2)
                Self.mix(floats, index + 6, into: &lanes.3)
            }
            for index in whole..<floats.count { mix(UInt64(floats[index].bitPattern)) }
        }
        mix(lanes.0)
        mix(lanes.1)
        mix(lanes.2)
        mix(lanes.3)
    }

    private static func mix(_ floats: UnsafeBufferPointer<Float>, _ index: Int, into lane: inout UInt64) {
        let pair = UInt64(floats[index + 1].bitPattern) << 32 | UInt64(floats[index].bitPattern)
        let mixed = (lane ^ pair) &* prime
        lane = mixed << 29 | mixed >> 35
    }

    /// Takes the bytes of a file in: their number and each of them (FNV-1a).
    package mutating func add(_ bytes: Data) {
        mix(UInt64(bytes.count))
        bytes.withUnsafeBytes { add($0) }
    }

    /// Takes bytes in: the same however they are parted into calls (FNV-1a).
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var state = state
        for byte in bytes { state = (state ^ UInt64(byte)) &* Self.prime }
        self.state = state
    }

    /// Goes on from what `text` gave; nil where it is not 16 hexadecimal digits.
    package init?(text: String) {
        guard text.utf8.count == 16, let state = UInt64(text, radix: 16) else { return nil }
        self.state = state
    }

    /// As 16 hexadecimal digits.
    package var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private mutating func mix(_ value: UInt64) {
        state = (state ^ value) &* Self.prime
    }
}
