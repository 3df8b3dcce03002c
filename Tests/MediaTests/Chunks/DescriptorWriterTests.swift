import Foundation
import Media
import Tensors
import Testing

@Suite struct DescriptorWriterTests {
    @Test func bytesArriveInOrderWithTheirDigest() throws {
        let scratch = try Scratch()
        let path = scratch.path("file")
        let writer = DescriptorWriter(descriptor: open(path, O_CREAT | O_WRONLY, 0o600), name: "file")
        var expected = Data()
        for count in [3, 200_000, 100_000, 1 << 19, 0, 5] {
            let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ count) })
            expected.append(bytes)
            try bytes.withUnsafeBytes { try writer.append($0) }
        }
        try writer.append(UInt32(0x0102_0304))
        expected.append(contentsOf: [4, 3, 2, 1])
        try writer.finish()
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == expected)
        var digest = ContentDigest()
        expected.withUnsafeBytes { digest.add($0) }
        #expect(writer.count == expected.count && writer.digest.text == digest.text)
    }

    @Test func aFullDiskIsAnError() throws {
        let writer = DescriptorWriter(descriptor: open("/dev/full", O_WRONLY), name: "out.mp4")
        try writer.append(UInt8(1))
        let error = #expect(throws: BrushflowError.self) { try writer.finish() }
        #expect(
            error
                == BrushflowError(
                    .output, "out.mp4: cannot write: No space left on device; free some disk space and run again"))
    }
}
