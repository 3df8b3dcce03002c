import CEmbedded
import Foundation
import Testing

/// The styles inside the binary are the files of `Fixtures/styles`.
struct BundledStyleTests {
    static let folder = SourceFile.repository.appending(path: "Fixtures/styles")

    @Test func everyDrawnStyleIsBundledByteForByte() throws {
        var bundled: [String] = []
        for index in 0..<bf_bundled_style_count() {
            let style = bf_bundled_style_at(index)
            let name = String(cString: style.name)
            let bytes = Data(bytes: style.file.bytes, count: style.file.count)
            #expect(
                try bytes == Data(contentsOf: Self.folder.appending(path: "\(name).jpg")),
                "\(name) is stale: build again")
            bundled.append("\(name).jpg")
        }
        let drawn = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path(percentEncoded: false))
        #expect(bundled.sorted() == drawn.sorted())
    }

    @Test func namesAreEasyToTypeAndDescriptionsAreOneLine() {
        for index in 0..<bf_bundled_style_count() {
            let style = bf_bundled_style_at(index)
            #expect(String(cString: style.name).wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil)
            #expect((20...70).contains(String(cString: style.description).count))
        }
    }

    @Test func outsideTheTableThereIsNothing() {
        let style = bf_bundled_style_at(bf_bundled_style_count())
        #expect(style.name == nil)
        #expect(style.file.count == 0)
    }
}
