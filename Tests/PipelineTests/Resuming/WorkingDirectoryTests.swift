import Foundation
import Pipeline
import Tensors
import Testing

@Suite struct WorkingDirectoryTests {
    @Test func itLiesBesideItsTarget() {
        #expect(WorkingDirectory.path(for: "out.mp4") == ".out.mp4.brushflow")
        #expect(WorkingDirectory.path(for: "/films/a b.mkv") == "/films/.a b.mkv.brushflow")
        #expect(WorkingDirectory.path(for: "films/frames/") == "films/.frames.brushflow")
    }

    @Test func itIsItsOwnersAloneAndGoesWithItsFiles() throws {
        let folder = try Folder()
        let directory = try WorkingDirectory(target: folder("out.mp4"))
        var status = stat()
        #expect(stat(directory.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        close(try directory.create("a"))
        #expect(stat(directory.path(of: "a"), &status) == 0 && status.st_mode & 0o777 == 0o600)
        directory.removeAll()
        #expect(access(directory.path, F_OK) != 0)
    }

    /// One run holds a target; where it has ended, however it did, the next one takes over.
    @Test func theSecondRunIsRefusedAndAnEndedOnesLockIsFree() throws {
        let folder = try Folder()
        let target = folder("out.mp4")
        var first: WorkingDirectory? = try WorkingDirectory(target: target)
        #expect(try WorkingDirectory(lookingAt: target)?.isLocked == true)
        let error = #expect(throws: BrushflowError.self) { _ = try WorkingDirectory(target: target) }
        #expect(
            error
                == BrushflowError(
                    .output,
                    "\(target): another run is at work on it (it holds \(folder(".out.mp4.brushflow"))); wait for its end, or "
                        + "give another output"))
        withExtendedLifetime(first) {}
        first = nil
        #expect(try WorkingDirectory(lookingAt: target)?.isLocked == false)
        _ = try WorkingDirectory(target: target)
    }

    @Test func aSymbolicLinkIsRefused() throws {
        let folder = try Folder()
        let path = folder(".out.mp4.brushflow")
        try FileManager.default.createDirectory(atPath: folder("elsewhere"), withIntermediateDirectories: false)
        symlink(folder("elsewhere"), path)
        let error = #expect(throws: BrushflowError.self) { _ = try WorkingDirectory(target: folder("out.mp4")) }
        #expect(
            error
                == BrushflowError(
                    .output,
                    "\(folder("out.mp4")): the working directory \(path) is no directory of its own; remove it, or give "
                        + "another output"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder("elsewhere")) == [])
    }

    @Test func oneThatIsOpenToOthersIsRefused() throws {
        let folder = try Folder()
        mkdir(folder(".out.mp4.brushflow"), 0o700)
        chmod(folder(".out.mp4.brushflow"), 0o755)
        let error = #expect(throws: BrushflowError.self) { _ = try WorkingDirectory(target: folder("out.mp4")) }
        #expect(error?.kind == .output)
        #expect(error?.message.contains("is another user's or open to others; remove it") == true)
    }

    /// What lies in it under one of our names is replaced, not followed.
    @Test func aSymbolicLinkInItIsReplaced() throws {
        let folder = try Folder()
        let directory = try WorkingDirectory(target: folder("out.mp4"))
        try folder.write("precious", to: "precious")
        symlink(folder("precious"), directory.path(of: "chunk.part"))
        let file = try directory.create("chunk.part")
        #expect(write(file, "x", 1) == 1)
        close(file)
        #expect(try String(contentsOfFile: folder("precious"), encoding: .utf8) == "precious")
        symlink(folder("precious"), directory.path(of: "manifest.json"))
        #expect(throws: BrushflowError.self) { try directory.read("manifest.json", limit: 100) }
    }

    @Test func itsLossIsSaid() throws {
        let folder = try Folder()
        let directory = try WorkingDirectory(target: folder("out.mp4"))
        rmdir(directory.path)
        let error = #expect(throws: BrushflowError.self) { _ = try directory.create("chunk.part") }
        #expect(
            error
                == BrushflowError(
                    .output,
                    "\(folder("out.mp4")): its working directory \(directory.path) is gone; make sure that the disk is there "
                        + "and run again"))
    }
}
