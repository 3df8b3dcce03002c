import Foundation
import Media
import Pipeline
import Tensors
import Testing

@Suite struct RunManifestTests {
    private func manifest(_ folder: Folder) throws -> RunManifest {
        try folder.write("a clip", to: "clip.mp4")
        var manifest = RunManifest(
            input: try InputIdentity(path: folder("clip.mp4")),
            settings: ["stylize.strength": "1", "--style": "wave \"é\"", "encode.crf": "auto"], expectedFrames: 9)
        for start: Int64 in [-3, 40] {
            manifest.chunks.append(
                RunManifest.Chunk(
                    contents: ChunkContents(
                        frames: 4, firstPts: start, lastPts: start + 30, bytes: 100, digest: "00"), isClean: start < 0))
        }
        manifest.memory = RunManifest.Memory(chunk: 1, digest: "ab")
        manifest.notes = ["a note"]
        return manifest
    }

    @Test func whatIsWrittenIsRead() throws {
        let folder = try Folder()
        let directory = try WorkingDirectory(target: folder("out.mp4"))
        #expect(try RunManifest.read(from: directory) == nil)
        let manifest = try manifest(folder)
        try manifest.write(to: directory, target: "out.mp4")
        #expect(try RunManifest.read(from: directory) == manifest)
        #expect(directory.names == ["manifest.json"])
        #expect(manifest.frames == 8 && manifest.bytes == 200)
    }

    @Test func theSameRequestGoesOn() throws {
        let folder = try Folder()
        let manifest = try manifest(folder)
        try manifest.check(input: manifest.input, settings: manifest.settings, target: "out.mp4")
    }

    @Test func otherSettingsAreNamedWithBothValues() throws {
        let folder = try Folder()
        let manifest = try manifest(folder)
        var settings = manifest.settings
        settings["stylize.strength"] = "0.5"
        settings["--style"] = nil
        let error = #expect(throws: BrushflowError.self) {
            try manifest.check(input: manifest.input, settings: settings, target: "out.mp4")
        }
        #expect(
            error
                == BrushflowError(
                    .usage,
                    "out.mp4: a run of it was begun with other settings: --style was wave \"é\", is nothing; "
                        + "stylize.strength was 1, is 0.5; give those of then, or give --restart to begin anew (8 finished "
                        + "frames are lost)"))
    }

    @Test func anotherInputIsSaid() throws {
        let folder = try Folder()
        let manifest = try manifest(folder)
        func message(_ change: () throws -> Void) throws -> String? {
            try change()
            let now = try InputIdentity(path: folder("clip.mp4"))
            let error = #expect(throws: BrushflowError.self) {
                try manifest.check(input: now, settings: manifest.settings, target: "out.mp4")
            }
            #expect(error?.kind == .usage)
            return error?.message
        }
        func text(_ difference: String) -> String {
            "out.mp4: a run of it was begun with another input: \(folder("clip.mp4")) \(difference); give the input of then, "
                + "or give --restart to begin anew (8 finished frames are lost)"
        }
        #expect(try message { try folder.write("a longer clip", to: "clip.mp4") } == text("had 6 bytes, has 13"))
        #expect(try message { try folder.write("b clip", to: "clip.mp4") } == text("had other content"))
        let touched = try message {
            try folder.write("a clip", to: "clip.mp4")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: folder("clip.mp4"))
        }
        #expect(
            touched
                == text("was last changed at \(manifest.input.modified), now at 1000000000.000000000"))
    }

    @Test(arguments: [
        ("", "it is no manifest of a run"), ("{}", "it is no manifest of a run"),
        (#""format" : 1"#, "its format is 7, expected 1"), (#""frames" : 4"#, "chunk 0 is impossible"),
        (#""firstPts" : -3"#, "chunk 0 is impossible"), (#""firstPts" : 40"#, "chunk 1 is impossible"),
        (#""chunk" : 1"#, "chunk 7 is not the last one"),
    ])
    func whatIsImpossibleIsRefused(place: String, fault: String) throws {
        let folder = try Folder()
        let directory = try WorkingDirectory(target: folder("out.mp4"))
        try manifest(folder).write(to: directory, target: "out.mp4")
        let path = directory.path(of: "manifest.json")
        var text = try String(contentsOfFile: path, encoding: .utf8)
        let values = ["frames": "0", "firstPts\" : -3": "99", "firstPts\" : 40": "20"]
        if place.isEmpty || place == "{}" {
            text = place
        } else {
            let range = try #require(text.range(of: place))
            let value = values.first { place.contains($0.key) }?.value ?? "7"
            text.replaceSubrange(range, with: place.split(separator: ":")[0] + ": " + value)
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: BrushflowError.self) { try RunManifest.read(from: directory) }
        #expect(
            error == BrushflowError(.content, "\(path): is damaged: \(fault); give --restart to begin anew"))
    }

    /// Numbers that sums of what is read, or a percentage, cannot hold.
    @Test(arguments: [
        (#""expectedFrames" : 9"#, Int.min, "expectedFrames is -9223372036854775808"),
        (#""expectedFrames" : 9"#, Int.max, "expectedFrames is 9223372036854775807"),
        (#""lastPts" : 70"#, Int.max, "chunk 1 is impossible"), (#""firstPts" : -3"#, Int.min, "chunk 0 is impossible"),
        (#""bytes" : 100"#, Int.max, "chunk 0 is impossible"),
        (#""damagedPackets" : 2"#, -1, "damagedPackets is -1"),
    ])
    func numbersBeyondMeasureAreRefused(place: String, value: Int, fault: String) throws {
        let folder = try Folder()
        let directory = try WorkingDirectory(target: folder("out.mp4"))
        try manifest(folder).write(to: directory, target: "out.mp4")
        let path = directory.path(of: "manifest.json")
        var text = try String(contentsOfFile: path, encoding: .utf8)
        if place.contains("damaged") {
            text = text.replacing(#""format""#, with: #""end" : {"damagedPackets" : 2}, "format""#)
        }
        let range = try #require(text.range(of: place))
        text.replaceSubrange(range, with: place.split(separator: ":")[0] + ": \(value)")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: BrushflowError.self) { try RunManifest.read(from: directory) }
        #expect(
            error == BrushflowError(.content, "\(path): is damaged: \(fault); give --restart to begin anew"))
    }

    @Test func theBytesOfManyChunksAreBounded() throws {
        let folder = try Folder()
        let directory = try WorkingDirectory(target: folder("out.mp4"))
        var manifest = try manifest(folder)
        manifest.memory = nil
        manifest.chunks = (0..<10_000).map { number in
            RunManifest.Chunk(
                contents: ChunkContents(
                    frames: 1, firstPts: Int64(number), lastPts: Int64(number), bytes: 1 << 50, digest: "00"),
                isClean: true)
        }
        try manifest.write(to: directory, target: "out.mp4")
        let error = #expect(throws: BrushflowError.self) { try RunManifest.read(from: directory) }
        #expect(error?.message.contains("chunk 256 is impossible") == true)
    }
}
