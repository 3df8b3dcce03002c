import Foundation

/// A safetensors file that may end with its header.
enum WeightlessHeader {
    private static let mostWeights = 2 << 20

    /// The file with as many zeros behind it as the header's greatest offset asks for, within limits.
    static func completed(_ bytes: Data) -> Data {
        guard bytes.count > 8 else { return bytes }
        let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length == bytes.count - 8 else { return bytes }
        var (greatest, number, isOffset) = (0, 0, false)
        for byte in bytes.dropFirst(8) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = min(10 * number + Int(byte) - 0x30, mostWeights)
            case UInt8(ascii: "]"):
                // A shape or two offsets; the greatest end of a list is that of the offsets.
                if isOffset { greatest = max(greatest, number) }
                (number, isOffset) = (0, false)
            case UInt8(ascii: ","): (number, isOffset) = (0, true)
            default: number = 0
            }
        }
        return bytes + Data(count: greatest)
    }
}
