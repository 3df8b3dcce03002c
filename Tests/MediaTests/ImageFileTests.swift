import Foundation
import Media
import Synchronization
import Tensors
import Testing

/// A temporary directory for image files.
final class ImageBench {
    let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    func put(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// A picture of 8-bit values without order, the same for the same size.
    static func picture(_ width: Int, _ height: Int, seed: UInt64 = 1) -> PlanarImage {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        let values = (0..<3 * width * height).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 56) / 255
        }
        return PlanarImage(Tensor([3, height, width], values))
    }

    /// A picture without edges, which lossy formats keep well.
    static func ramp(_ width: Int, _ height: Int) -> PlanarImage {
        var values: [Float] = []
        for plane in 0..<3 {
            for y in 0..<height {
                for x in 0..<width {
                    let across = Float(x) / Float(width)
                    let down = Float(y) / Float(height)
                    values.append([across, down, (across + down) / 2][plane])
                }
            }
        }
        return PlanarImage(Tensor([3, height, width], values))
    }

    static func farthest(_ a: PlanarImage, _ b: PlanarImage) -> Float {
        zip(a.tensor.values, b.tensor.values).map { abs($0 - $1) }.max() ?? 0
    }
}

@Suite struct ImageFileTests {
    @Test(arguments: [("png", 7, 5), ("ppm", 7, 5), ("webp", 7, 5), ("png", 1, 1), ("ppm", 1, 1), ("webp", 1, 1)])
    func losslessFormatsComeBackExactly(suffix: String, width: Int, height: Int) throws {
        let bench = try ImageBench()
        let image = ImageBench.picture(width, height)
        let path = bench.path("a.\(suffix)")
        try ImageFile.write(image, path: path, overwrite: false)
        #expect(try ImageFile.read(path: path) == image)
    }

    @Test func jpegComesBackClosely() throws {
        let bench = try ImageBench()
        for (width, height) in [(64, 40), (1, 1), (17, 9)] {
            let image = ImageBench.ramp(width, height)
            let path = bench.path("a\(width).jpg")
            try ImageFile.write(image, path: path, overwrite: false)
            let read = try ImageFile.read(path: path)
            #expect(read.tensor.shape == image.tensor.shape)
            #expect(ImageBench.farthest(read, image) < 0.03)
        }
    }

    @Test func writingRoundsAndKeepsToTheRange() throws {
        let bench = try ImageBench()
        let image = PlanarImage(Tensor([3, 1, 2], [-1, 2, .nan, .infinity, 0.4980, 0.5020]))
        let path = bench.path("a.png")
        try ImageFile.write(image, path: path, overwrite: false)
        #expect(try ImageFile.read(path: path).tensor.values == [0, 1, 0, 1, 127 / 255, 128 / 255])
    }

    @Test func sixteenBitsAreExact() throws {
        let bench = try ImageBench()
        let samples: [UInt16] = [0, 1, 255, 256, 32_767, 32_768, 65_534, 65_535, 12_345, 54_321, 4_660, 43_981]
        let bytes = Array("P6 2 2 65535\n".utf8) + samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        let ppm = try bench.put("a.ppm", bytes)
        let order = [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]
        let expected = order.map { Float(samples[$0]) / 65_535 }
        #expect(try ImageFile.read(path: ppm).tensor.values == expected)
        guard SideStreamsWorkshop.isOpen else { return }
        let shop = try SideStreamsWorkshop()
        let png = try shop.clip("a.png", "-i \(ppm) -pix_fmt rgb48be")
        #expect(try ImageFile.read(path: png).tensor.values == expected)
    }

    @Test func greyBecomesThreeEqualPlanes() throws {
        let bench = try ImageBench()
        let path = try bench.put("a.pgm", Array("P5\n# grey\n3 1\n255\n".utf8) + [0, 51, 255])
        #expect(try ImageFile.read(path: path).tensor.values == [0, 0.2, 1, 0, 0.2, 1, 0, 0.2, 1])
        let bitmap = try bench.put("a.pbm", Array("P4\n2 1\n".utf8) + [0b1000_0000])
        #expect(try ImageFile.read(path: bitmap).tensor.values == [0, 1, 0, 1, 0, 1])
    }

    @Test(
        .enabled(if: SideStreamsWorkshop.isOpen, "ffmpeg is not installed"),
        arguments: [
            ("a.png", "rgb24", 0), ("a.png", "gray", 0.2), ("a.png", "gray16be", 0.2), ("a.png", "pal8", 0.4),
            ("a.bmp", "bgr24", 0), ("a.tiff", "rgb24", 0), ("a.tiff", "yuv420p", 0.06), ("a.gif", "rgb8", 0.3),
            ("a.png", "monob", 1), ("a.tiff", "rgb48le", 0.004), ("a.jpg", "yuvj420p", 0.06),
        ])
    func theFormatsOfOtherProgramsAreRead(name: String, pixelFormat: String, tolerance: Float) throws {
        let shop = try SideStreamsWorkshop()
        let source = shop.path("source.ppm")
        let image = ImageBench.ramp(32, 24)
        try ImageFile.write(image, path: source, overwrite: false)
        let quality = name.hasSuffix("jpg") ? "-q:v 1 " : ""
        let path = try shop.clip(name, "-i source.ppm \(quality)-pix_fmt \(pixelFormat)")
        let read = try ImageFile.read(path: path)
        #expect(read.tensor.shape == [3, 24, 32])
        guard pixelFormat.hasPrefix("gray") || pixelFormat == "monob" else {
            #expect(ImageBench.farthest(read, try ImageFile.read(path: source)) <= tolerance)
            return
        }
        let values = read.tensor.values
        #expect(values[0] < 0.1 && values[32 * 24 - 1] > 0.9)
        #expect(Array(values[0..<768]) == Array(values[768..<1536]))
    }

    @Test(.enabled(if: SideStreamsWorkshop.isOpen, "ffmpeg is not installed"))
    func transparentPixelsLieOverWhite() throws {
        let shop = try SideStreamsWorkshop()
        let raw = shop.path("a.rgba")
        try Data([200, 100, 0, 0, 200, 100, 0, 255, 255, 0, 0, 51]).write(to: URL(fileURLWithPath: raw))
        let path = try shop.clip("a.png", "-f rawvideo -pix_fmt rgba -s 3x1 -i a.rgba")
        let expected: [Float] = [1, 200 / 255, 1, 1, 100 / 255, 0.8, 1, 0, 0.8]
        let read = try ImageFile.read(path: path).tensor.values
        for (value, due) in zip(read, expected) { #expect(abs(value - due) < 1e-6) }
    }

    @Test(
        .enabled(if: SideStreamsWorkshop.isOpen, "ffmpeg is not installed"),
        arguments: ["a.apng", "a.gif", "a.webp"])
    func ofAnAnimationTheFirstPictureIsTaken(name: String) throws {
        let shop = try SideStreamsWorkshop()
        try ImageFile.write(ImageBench.ramp(32, 24), path: shop.path("1.ppm"), overwrite: false)
        try ImageFile.write(ImageBench.picture(32, 24), path: shop.path("2.ppm"), overwrite: false)
        let codec = name.hasSuffix("webp") ? "-c:v libwebp_anim -lossless 1 -pix_fmt bgra -loop 0 " : ""
        let path = try shop.clip(name, "-framerate 5 -i %d.ppm \(codec)-f \(name.split(separator: ".")[1])")
        let first = try ImageFile.read(path: shop.path("1.ppm"))
        let tolerance: Float = name.hasSuffix("gif") ? 0.3 : 0
        #expect(ImageBench.farthest(try ImageFile.read(path: path), first) <= tolerance)
    }

    @Test(arguments: 1...8) func exifOrientationIsApplied(orientation: Int) throws {
        let bench = try ImageBench()
        // Four blocks: red, green over blue, white.
        let colours: [[Float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]
        var values: [Float] = []
        for plane in 0..<3 {
            for y in 0..<16 { for x in 0..<32 { values.append(colours[(y / 8) * 2 + x / 16][plane]) } }
        }
        let stored = PlanarImage(Tensor([3, 16, 32], values))
        let path = bench.path("a.jpg")
        try ImageFile.write(stored, path: path, overwrite: false)
        let entry: [UInt8] = [0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0]
        let tiff: [UInt8] = Array("Exif\0\0MM\0*".utf8) + entry
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(tiff.count + 2)] + tiff, at: 2)
        let turned = try ImageFile.read(path: try bench.put("b.jpg", bytes))
        let (width, height) = orientation > 4 ? (16, 32) : (32, 16)
        #expect(turned.tensor.shape == [3, height, width])
        // The colours at top left, top right, bottom left, bottom right of the upright picture.
        let corners = [
            [0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 1, 0], [2, 3, 0, 1], [0, 2, 1, 3], [2, 0, 3, 1], [3, 1, 2, 0],
            [1, 3, 0, 2],
        ][orientation - 1]
        values = turned.tensor.values
        for (corner, colour) in corners.enumerated() {
            let (x, y) = (corner % 2 == 0 ? 2 : width - 3, corner < 2 ? 2 : height - 3)
            for plane in 0..<3 {
                #expect(abs(values[(plane * height + y) * width + x] - colours[colour][plane]) < 0.1)
            }
        }
    }

    @Test func whatIsNoImageIsRefusedInWords() throws {
        let bench = try ImageBench()
        let text = try bench.put("text.png", Array("#EXTM3U\nfile:/etc/passwd\n".utf8))
        #expect(
            throws: BrushflowError(
                .content, "\(text): is not an image that can be read (PNG, JPEG, PPM, WebP, BMP, TIFF, GIF)")
        ) { try ImageFile.read(path: text) }
        let empty = try bench.put("empty.jpg", [])
        #expect(throws: BrushflowError.self) { try ImageFile.read(path: empty) }
        let missing = bench.path("none.png")
        #expect(throws: BrushflowError(.input, "\(missing): No such file or directory")) {
            try ImageFile.read(path: missing)
        }
        #expect(throws: BrushflowError(.input, "\(bench.directory.path): is not a regular file")) {
            try ImageFile.read(path: bench.directory.path)
        }
    }

    @Test func damagedImagesAreRefused() throws {
        let bench = try ImageBench()
        for suffix in ["png", "jpg", "ppm", "webp"] {
            let path = bench.path("whole.\(suffix)")
            try ImageFile.write(ImageBench.picture(40, 30), path: path, overwrite: false)
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            for length in [9, 13, 27, 33, bytes.count / 8] {
                let cut = try bench.put("cut.\(suffix)", Array(bytes.prefix(length)))
                do {
                    let image = try ImageFile.read(path: cut)
                    #expect(image.tensor.shape == [3, 30, 40], "\(suffix) cut at \(length)")
                } catch let error as BrushflowError {
                    #expect(error.kind == .content && error.message.hasPrefix(cut))
                }
            }
        }
    }

    @Test func hugeDimensionsAreRefusedBeforeMemoryIsTaken() throws {
        let bench = try ImageBench()
        let path = try bench.put("huge.ppm", Array("P6 100000 90000 255\n".utf8) + [1, 2, 3])
        #expect(
            throws: BrushflowError(
                .content,
                "\(path): has 100000×90000 pixels, more than the limit of 67108864; raise limits.pixels")
        ) { try ImageFile.read(path: path) }
        for suffix in ["png", "jpg", "webp", "ppm"] {
            let small = bench.path("small.\(suffix)")
            try ImageFile.write(ImageBench.picture(20, 20), path: small, overwrite: false)
            #expect(
                throws: BrushflowError(
                    .content, "\(small): has 20×20 pixels, more than the limit of 399; raise limits.pixels")
            ) { try ImageFile.read(path: small, maximumPixels: 399) }
            #expect(try ImageFile.read(path: small, maximumPixels: 400).width == 20)
        }
    }

    @Test func filesReadSideBySideKeepTheirOwnErrors() throws {
        let bench = try ImageBench()
        let huge = try bench.put("huge.ppm", Array("P6 100000 90000 255\n".utf8) + [1, 2, 3])
        let whole = bench.path("whole.png")
        try ImageFile.write(ImageBench.picture(30, 40), path: whole, overwrite: false)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: whole)))
        bytes[20] ^= 0xFF  // the header's width, whose checksum no longer fits
        let broken = try bench.put("broken.png", bytes)
        let paths = [huge, broken]
        @Sendable func message(_ path: String) -> String {
            do {
                _ = try ImageFile.read(path: path)
                return "\(path): was read"
            } catch { return "\(error)" }
        }
        let alone = paths.map(message)
        #expect(alone[0] != alone[1])
        let others = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 400) { index in
            let found = message(paths[index % 2])
            if found != alone[index % 2] { others.withLock { $0.append(found) } }
        }
        #expect(others.withLock { $0 } == [])
    }

    @Test func targetsAreGuarded() throws {
        let bench = try ImageBench()
        let image = ImageBench.picture(4, 4)
        let path = bench.path("a.png")
        try ImageFile.write(image, path: path, overwrite: false)
        #expect(throws: BrushflowError(.output, "\(path): exists already; give --overwrite to replace it")) {
            try ImageFile.write(image, path: path, overwrite: false)
        }
        try ImageFile.write(ImageBench.picture(2, 2), path: path, overwrite: true)
        #expect(try ImageFile.read(path: path).width == 2)
        let other = bench.path("a.xyz")
        #expect(
            throws: BrushflowError(
                .usage,
                "\(other): the output has the extension '.xyz'; an image is written as one of .png, .jpg, .ppm, .webp")
        ) { try ImageFile.write(image, path: other, overwrite: false) }
        let nowhere = bench.path("none/a.png")
        #expect(
            throws: BrushflowError(
                .output, "\(nowhere): the directory \(bench.path("none")) does not exist; make it first")
        ) { try ImageFile.write(image, path: nowhere, overwrite: false) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.directory.path) == ["a.png"])
    }

    @Test func aTargetThatAppearsMeanwhileIsLeftAlone() throws {
        let bench = try ImageBench()
        let path = bench.path("a.png")
        let file = try PendingFile(target: path, overwrite: false)
        try file.write(Data([1, 2, 3]))
        #expect(file.temporaryPath == bench.path(".a.brushflow-\(getpid()).tmp.png"))
        _ = try bench.put("a.png", [9])
        #expect(throws: BrushflowError(.output, "\(path): exists already; give --overwrite to replace it")) {
            try file.commit()
        }
        file.abandon()
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([9]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.directory.path) == ["a.png"])
    }

    /// As a process that was killed while it wrote a frame leaves one.
    @Test func whatADeadProcessLeftIsRemoved() throws {
        let bench = try ImageBench()
        let process = try Process.run(URL(fileURLWithPath: "/bin/true"), arguments: [])
        process.waitUntilExit()
        _ = try bench.put(".a.brushflow-\(process.processIdentifier).tmp.png", [1])
        let kept = [".a.brushflow-\(getpid()).tmp.png", ".a.brushflow-x.tmp.png", "a.brushflow-1.png"]
        for name in kept { _ = try bench.put(name, [1]) }
        PendingFile.removeAbandoned(in: bench.directory.path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.directory.path).sorted() == kept.sorted())
    }

    @Test func damagedBytesNeitherTrapNorHang() throws {
        let bench = try ImageBench()
        var state: UInt64 = 11
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        for suffix in ["png", "jpg", "ppm", "webp"] {
            let path = bench.path("whole.\(suffix)")
            try ImageFile.write(ImageBench.ramp(33, 17), path: path, overwrite: false)
            let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            for round in 0..<60 {
                var bytes = whole
                for _ in 0..<(1 + round / 4) { bytes[random(bytes.count)] = UInt8(random(256)) }
                let damaged = try bench.put("damaged.\(suffix)", bytes)
                do {
                    let image = try ImageFile.read(path: damaged, maximumPixels: 1 << 20)
                    #expect(image.width * image.height <= 1 << 20)
                } catch let error as BrushflowError {
                    #expect(error.kind == .content, "\(error)")
                }
            }
        }
    }

    @Test func aWebPAnimationCutShortIsRefused() throws {
        let bench = try ImageBench()
        let chunk = Array("VP8X".utf8) + [10, 0, 0, 0, 0x02, 0, 0, 0, 9, 0, 0, 9, 0, 0]
        // A frame that claims more bytes than there are, and a chunk of the largest size that can be written.
        for size in [[200, 0, 0, 0], [255, 255, 255, 255], [0, 0, 0, 0]] as [[UInt8]] {
            let body = Array("WEBP".utf8) + chunk + Array("ANMF".utf8) + size + [UInt8](repeating: 0, count: 20)
            let path = try bench.put("a.webp", Array("RIFF".utf8) + [UInt8(body.count), 0, 0, 0] + body)
            #expect(throws: BrushflowError.self) { try ImageFile.read(path: path) }
        }
    }
}
