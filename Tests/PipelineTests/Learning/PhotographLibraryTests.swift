import Foundation
import Media
import Pipeline
import Tensors
import Testing

@Suite struct PhotographLibraryTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-photos-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("more"), withIntermediateDirectories: true)
    }

    private func write(_ name: String, width: Int, height: Int, grey: Float) throws {
        let image = PlanarImage(Tensor([3, height, width], filledWith: grey))
        try ImageFile.write(image, path: folder.appendingPathComponent(name).path, overwrite: false)
    }

    private func error(_ body: () throws -> Void) -> BrushflowError? {
        do {
            try body()
            return nil
        } catch {
            return error as? BrushflowError
        }
    }

    /// Broken files are passed over and named; what stands for them depends on the files alone.
    @Test func brokenFilesArePassedOverAndCounted() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("no picture".utf8).write(to: folder.appendingPathComponent("a.jpg"))
        try write("b.png", width: 40, height: 30, grey: 0.2)
        try Data().write(to: folder.appendingPathComponent("c.png"))
        try write("more/d.png", width: 20, height: 30, grey: 0.6)
        try Data("words".utf8).write(to: folder.appendingPathComponent("words.txt"))
        try write(".hidden.png", width: 8, height: 8, grey: 0)
        let library = try PhotographLibrary(directory: folder.path)
        #expect(library.count == 4)
        let widths = try [3, 2, 1, 0].map { try library.picture(at: $0).width }
        #expect(widths == [20, 20, 40, 40])
        #expect(library.unreadable == ["a.jpg", "c.png"])
    }

    @Test func largePicturesAreBroughtDownAndMemoryIsBounded() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write("a.png", width: 1200, height: 960, grey: 0.2)
        try write("b.png", width: 2400, height: 100, grey: 0.2)
        let library = try PhotographLibrary(directory: folder.path, capacity: 1)
        let (one, two) = (try library.picture(at: 0), try library.picture(at: 1))
        #expect(one.width == 600 && one.height == 480 && two.width == 1920 && two.height == 80)
    }

    @Test func directoriesWithoutPhotographsAreRefused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path
        let none = error { _ = try PhotographLibrary(directory: path) }
        #expect(none?.kind == .content)
        #expect(none?.message.hasPrefix("\(path): holds no photographs (.bmp, ") == true)
        #expect(none?.message.hasSuffix("); leave --photos out to learn from drawn pictures") == true)
        let missing = error { _ = try PhotographLibrary(directory: path + "/missing") }
        #expect(missing == BrushflowError(.input, "\(path)/missing: No such file or directory"))
        try Data("x".utf8).write(to: folder.appendingPathComponent("a.jpg"))
        try Data("y".utf8).write(to: folder.appendingPathComponent("b.jpg"))
        let broken = error { _ = try PhotographLibrary(directory: path) }
        #expect(broken?.kind == .content)
        #expect(
            broken?.message.hasPrefix("\(path): none of its 2 images can be read; the first: \(path)/a.jpg: ") == true)
    }
}
