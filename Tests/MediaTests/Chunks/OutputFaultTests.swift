import Foundation
import Media
import Tensors
import Testing

/// Whoever writes, a full disk is told in the same words.
@Suite struct OutputFaultTests {
    @Test(arguments: [
        (ENOSPC, "No space left on device"), (EFBIG, "File too large"), (EDQUOT, "Disk quota exceeded"),
    ]) func noRoomComesWithItsRemedy(code: Int32, words: String) {
        #expect(
            OutputFault.error("out.mp4", code: code)
                == BrushflowError(.output, "out.mp4: cannot write: \(words); free some disk space and run again"))
    }

    @Test func otherFaultsAreToldAsTheyAre() {
        #expect(
            OutputFault.error("out.mp4", "rename a.part", code: EACCES)
                == BrushflowError(.output, "out.mp4: cannot rename a.part: Permission denied"))
    }

    @Test func aFileThatIsWrittenAtOnceMeetsTheFullDiskToo() throws {
        let scratch = try Scratch()
        let link = scratch.path("part")
        let file = try PendingFile(target: scratch.path("out.png"), temporaryPath: link, overwrite: false)
        unlink(link)
        #expect(symlink("/dev/full", link) == 0)
        #expect(
            throws: BrushflowError(
                .output,
                "\(scratch.path("out.png")): cannot write: No space left on device; free some disk space and run again")
        ) { try file.write(Data([1, 2, 3])) }
    }
}
