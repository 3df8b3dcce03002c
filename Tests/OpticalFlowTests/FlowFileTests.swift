import Foundation
import OpticalFlow
import Tensors
import Testing

@Suite final class FlowFileTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).flo").path

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func header(_ width: Int32, _ height: Int32, tag: String = "PIEH") -> Data {
        var data = Data(tag.utf8)
        for side in [width, height] { withUnsafeBytes(of: side.littleEndian) { data.append(contentsOf: $0) } }
        return data
    }

    @Test func whatIsWrittenIsRead() throws {
        let flow = FlowField(Tensor([2, 2, 3], (0..<12).map { Float($0) - 5.5 }))
        try FlowFile.write(flow, path: path)
        #expect(try FlowFile.read(path: path) == flow)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.prefix(12) == header(3, 2))
        #expect(bytes[12..<16].elementsEqual(withUnsafeBytes(of: Float(-5.5)) { Array($0) }))
        #expect(bytes[16..<20].elementsEqual(withUnsafeBytes(of: Float(0.5)) { Array($0) }), "v follows its u")
    }

    @Test func wrongFilesAreRefusedWithTheReason() throws {
        let cases: [(Data, String)] = [
            (Data("PIE".utf8), "it has 3 bytes, fewer than a header's 12; make the file anew"),
            (
                header(1, 1, tag: "HEIP"),
                "it begins with the bytes 48 45 49 50, not with 'PIEH'; give a Middlebury .flo file"
            ),
            (header(0, 5), "its header says 0×5 pixels, each side must be 1 to 65536"),
            (header(5, -1), "its header says 5×-1 pixels, each side must be 1 to 65536"),
            (header(65537, 1), "its header says 65537×1 pixels, each side must be 1 to 65536"),
            (
                header(65536, 65536),
                "it has 12 bytes, but 65536×65536 pixels take 34359738380; make the file anew"
            ),
            (header(2, 2) + Data(count: 31), "it has 43 bytes, but 2×2 pixels take 44; make the file anew"),
            (header(2, 2) + Data(count: 33), "it has 45 bytes, but 2×2 pixels take 44; make the file anew"),
        ]
        for (data, reason) in cases {
            try data.write(to: URL(fileURLWithPath: path))
            #expect(throws: BrushflowError(.content, "\(path): cannot read the flow file: \(reason)")) {
                try FlowFile.read(path: path)
            }
        }
    }

    @Test func missingFilesAndFoldersAreNamed() {
        #expect(
            throws: BrushflowError(
                .input, "/nowhere/a.flo: cannot read the flow file: check that it exists and is readable")
        ) {
            try FlowFile.read(path: "/nowhere/a.flo")
        }
        #expect(
            throws: BrushflowError(
                .output,
                "/nowhere/a.flo: cannot write the flow file: check that its folder exists and can be written")
        ) {
            try FlowFile.write(uniformFlow(width: 1, height: 1, u: 0, v: 0), path: "/nowhere/a.flo")
        }
    }
}
