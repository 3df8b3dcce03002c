import Foundation

/// A 64-bit digest of a sequence of pictures or files, bit for bit: equal runs have equal digests.
package struct ContentDigest: Sendable {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    /// Takes one picture in: its size and every float's bit pattern, mixed by multiply and rotate (after FNV-1a).
    package mutating func add(_ image: PlanarImage) {
        mix(UInt64(image.width) << 32 | UInt64(image.height))
        var state = state
        image.tensor.withFloats { floats in
            // In pairs: each waits for the one before.
            for index in stride(from: 0, to: floats.count, by: 2) {
                let second = index + 1 < floats.count ? floats[index + 1].bitPattern : 0
                state = (state ^ (UInt64(second) << 32 | UInt64(floats[index].bitPattern))) &* 0x0000_0100_0000_01b3
                state = state << 29 | state >> 35
            }
        }
        self.state = state
    }

    /// Takes the bytes of a file in: their number and each of them (FNV-1a).
    package mutating func add(_ bytes: Data) {
        mix(UInt64(bytes.count))
        bytes.withUnsafeBytes { add($0) }
    }

    /// Takes bytes in: the same however they are parted into calls (FNV-1a).
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var state = state
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
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
        state = (state ^ value) &* 0x0000_0100_0000_01b3
    }
}
