import Foundation
import Media
import Tensors
import Testing

@Suite struct ImageDirectoryTests {
    private func fill(_ bench: ImageBench, _ names: [String]) throws {
        for (index, name) in names.enumerated() {
            try ImageFile.write(
                ImageBench.picture(6, 4, seed: UInt64(index + 1)), path: bench.path(name), overwrite: false)
        }
    }

    private func expect(_ kind: BrushflowError.Kind, _ message: String, _ path: String) {
        #expect(throws: BrushflowError(kind, message)) { try ImageDirectory(path: path) }
    }

    @Test func orderIsNatural() throws {
        let bench = try ImageBench()
        try fill(bench, (8...11).reversed().map { "f\($0).png" })
        _ = try bench.put(".hidden.png", [1])
        _ = try bench.put("notes.txt", [1])
        try FileManager.default.createDirectory(atPath: bench.path("more.png"), withIntermediateDirectories: false)
        let directory = try ImageDirectory(path: bench.directory.path)
        #expect(directory.names == ["f8.png", "f9.png", "f10.png", "f11.png"])
        #expect(directory.width == 6 && directory.height == 4)
        #expect(directory.stem(2) == "f10")
        #expect(try directory.read(0) == ImageBench.picture(6, 4, seed: 4))
    }

    @Test func namesWithoutNumbersAndSeveralSequencesAreKept() throws {
        let plain = try ImageBench()
        try fill(plain, ["b.png", "a.png"])
        #expect(try ImageDirectory(path: plain.directory.path).names == ["a.png", "b.png"])
        let shots = try ImageBench()
        try fill(shots, ["shot2_001.png", "shot10_001.png", "shot2_002.png"])
        let expected = ["shot2_001.png", "shot2_002.png", "shot10_001.png"]
        #expect(try ImageDirectory(path: shots.directory.path).names == expected)
    }

    @Test func aGapNamesTheMissingFile() throws {
        let bench = try ImageBench()
        try fill(bench, ["frame_0006.png", "frame_0008.png"])
        let path = bench.directory.path
        expect(
            .content, "\(path): frame_0007.png is missing: after frame_0006.png comes frame_0008.png", path)
        try fill(bench, ["frame_0007.png", "frame_07.png"])
        expect(
            .content, "\(path): frame_0007.png and frame_07.png have the same number; remove one of them", path)
    }

    @Test func aNameOutsideTheSequenceIsRefused() throws {
        let bench = try ImageBench()
        try fill(bench, ["cover.png", "f1.png", "f2.png"])
        let path = bench.directory.path
        expect(
            .content, "\(path): cover.png has no number, unlike f1.png; keep one sequence in the directory", path)
    }

    @Test func twoKindsAreRefused() throws {
        let bench = try ImageBench()
        try fill(bench, ["f1.png", "f2.jpg"])
        let path = bench.directory.path
        expect(
            .content, "\(path): holds images of two kinds, f1.png and f2.jpg; keep one kind in the directory", path)
    }

    @Test func aChangeOfSizeNamesTheFile() throws {
        let bench = try ImageBench()
        try fill(bench, ["f1.png"])
        try ImageFile.write(ImageBench.picture(5, 4), path: bench.path("f2.png"), overwrite: false)
        let directory = try ImageDirectory(path: bench.directory.path)
        #expect(
            throws: BrushflowError(
                .content,
                "\(bench.path("f2.png")): is 5×4 pixels, but f1.png is 6×4; all frames of a directory must have one size"
            )
        ) { try directory.read(1) }
    }

    @Test func emptyMissingAndUnreadableDirectoriesAreRefused() throws {
        let bench = try ImageBench()
        let path = bench.directory.path
        expect(
            .content,
            "\(path): holds no images (.bmp, .jpeg, .jpg, .pgm, .png, .pnm, .ppm, .tif, .tiff, .webp)", path)
        expect(.input, "\(bench.path("none")): No such file or directory", bench.path("none"))
        let file = try bench.put("file", [1])
        expect(.input, "\(file): is not a directory", file)
        // A frame that is no image by content is named.
        let text = try bench.put("f1.png", Array("hello".utf8))
        expect(
            .content, "\(text): is not an image that can be read (PNG, JPEG, PPM, WebP, BMP, TIFF, GIF)", path)
        guard geteuid() != 0 else { return }
        chmod(path, 0)
        expect(.input, "\(path): Permission denied", path)
        chmod(path, 0o700)
    }

    @Test func theWriterNumbersOrKeepsNames() throws {
        let bench = try ImageBench()
        let path = bench.path("out")
        let writer = try ImageDirectoryWriter(path: path, overwrite: false, firstNumber: 9)
        let image = ImageBench.picture(3, 3)
        try writer.write(image)
        try writer.write(image)
        try writer.write(image, stem: "frame_0042")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
                "000009.png", "000010.png", "frame_0042.png",
            ])
        #expect(writer.framesWritten == 3)
        #expect(
            throws: BrushflowError(.output, "\(path): holds 000009.png already; give --overwrite or another directory")
        ) { try ImageDirectoryWriter(path: path, overwrite: false) }
        try ImageDirectoryWriter(path: path, overwrite: true).write(image, stem: "000009")
        let deep = bench.path("x/y")
        #expect(
            throws: BrushflowError(.output, "\(deep): the directory \(bench.path("x")) does not exist; make it first")
        ) { try ImageDirectoryWriter(path: deep, overwrite: false) }
    }

    @Test func framesAreReplacedOnlyWhenAsked() throws {
        let bench = try ImageBench()
        let writer = try ImageDirectoryWriter(path: bench.path("out"), overwrite: false)
        try writer.write(ImageBench.picture(3, 3), stem: "a")
        #expect(
            throws: BrushflowError(
                .output, "\(bench.path("out/a.png")): exists already; give --overwrite to replace it")
        ) { try writer.write(ImageBench.picture(3, 3), stem: "a") }
    }
}
