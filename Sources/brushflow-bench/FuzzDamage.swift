import Foundation
import Tensors

/// Seeded damage to a file: bits, bytes, stretches left out, doubled or moved, the end cut off.
struct FuzzDamage {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// One to three damages.
    mutating func damaged(_ source: Data) -> Data {
        var bytes = [UInt8](source)
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty { damage(&bytes) }
        return Data(bytes)
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        let place = place(in: bytes)
        let stretch = place..<min(bytes.count, place + Int.random(in: 1...64, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][Int.random(in: 0..<5, using: &random)]
        case 3: bytes[place] = bytes[place] &+ 1
        case 4: bytes[place] = bytes[place] &- 1
        // A digit of a safetensors header.
        case 5: bytes[place] = UInt8.random(in: 0x30...0x39, using: &random)
        case 6: bytes.removeSubrange(stretch)
        case 7: bytes.insert(contentsOf: bytes[stretch], at: self.place(in: bytes))
        case 8: for index in stretch { bytes[index] = 0xFF }
        default: if Int.random(in: 0..<6, using: &random) == 0 { bytes.removeLast(bytes.count - place) }
        }
    }

    /// A place in the file; mostly one beside text, where names, attributes and extents stand and not weights.
    private mutating func place(in bytes: [UInt8]) -> Int {
        var place = Int.random(in: 0..<bytes.count, using: &random)
        guard Int.random(in: 0..<4, using: &random) > 0 else { return place }
        for _ in 0..<200 {
            let text = bytes[place..<min(place + 4, bytes.count)].allSatisfy { (0x20..<0x7F).contains($0) }
            if text { return max(0, min(bytes.count - 1, place + Int.random(in: -12...12, using: &random))) }
            place = Int.random(in: 0..<bytes.count, using: &random)
        }
        return Int.random(in: 0..<min(bytes.count, 400), using: &random)
    }
}
