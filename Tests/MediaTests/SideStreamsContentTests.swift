import Foundation
import Media
import Tensors
import Testing

@Suite(.enabled(if: SideStreamsWorkshop.isOpen, "ffmpeg and ffprobe are not installed"))
struct SideStreamsContentTests {
    private func text(_ shop: SideStreamsWorkshop, _ name: String, _ content: String) throws {
        try Data(content.utf8).write(to: URL(fileURLWithPath: shop.path(name)))
    }

    /// A clip with two languages of sound and text, chapters and tags.
    private func film(_ shop: SideStreamsWorkshop, _ name: String, _ subtitles: String) throws -> String {
        try text(
            shop, "a.srt", "1\n00:00:00,200 --> 00:00:00,900\nHello\n\n2\n00:00:01,200 --> 00:00:01,900\nWorld\n")
        try text(
            shop, "meta.txt",
            ";FFMETADATA1\ntitle=A film\nartist=Somebody\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n"
                + "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Two\n")
        return try shop.clip(
            name,
            "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -f lavfi -i sine=300:d=2 -f lavfi -i sine=600:d=2 -i a.srt "
                + "-i meta.txt -map 0:v -map 1:a -map 2:a -map 3:s -map_metadata 4 -c:v mpeg4 -c:a aac -c:s \(subtitles) "
                + "-metadata:s:a:0 language=eng -metadata:s:a:1 language=deu -metadata:s:s:0 language=fra "
                + "-disposition:a:0 0 -disposition:a:1 default -disposition:s:0 forced")
    }

    /// Start, end and text of each subtitle.
    private func cues(_ shop: SideStreamsWorkshop, _ path: String) throws -> [String] {
        let srt = try shop.run("ffmpeg", ["-v", "error", "-copyts", "-i", path, "-map", "0:s", "-f", "srt", "-"])
        return srt.components(separatedBy: "\n\n").filter { $0.contains("-->") }.map { cue in
            cue.split(separator: "\n").dropFirst().joined(separator: " ")
                .replacingOccurrences(of: "<[^>]*>|\\{[^}]*\\}", with: "", options: .regularExpression)
        }
    }

    @Test(arguments: [
        ("s.mkv", "srt", "out.mp4", "mov_text"), ("s.mkv", "srt", "out.mkv", "subrip"),
        ("s.mkv", "srt", "out.webm", "webvtt"), ("s.mkv", "ass", "out.mp4", "mov_text"),
        ("s.mkv", "ass", "out.mkv", "ass"), ("s.mkv", "ass", "out.webm", "webvtt"),
        ("s.mp4", "mov_text", "out.mp4", "mov_text"), ("s.mp4", "mov_text", "out.mov", "mov_text"),
        ("s.mp4", "mov_text", "out.mkv", "subrip"), ("s.mp4", "mov_text", "out.webm", "webvtt"),
    ])
    func textReachesEveryContainer(source: String, codec: String, name: String, expected: String) throws {
        let shop = try SideStreamsWorkshop()
        let film = try film(shop, source, codec)
        let (path, _) = try shop.mux(film, into: name)
        let stream = try shop.probe(path, "-select_streams s -show_entries stream=codec_name:stream_tags=language")
        #expect(["fra", "fre"].map { "\(expected),\($0)" }.contains(stream.joined()))
        let cues = try cues(shop, path)
        #expect(cues == (try self.cues(shop, film)))
        #expect(cues.count == 2)
    }

    @Test(arguments: ["out.mp4", "out.mov", "out.mkv"])
    func languagesDispositionsChaptersAndTagsAreKept(name: String) throws {
        let shop = try SideStreamsWorkshop()
        let film = try film(shop, "s.mkv", "srt")
        let (path, notes) = try shop.mux(film, into: name)
        #expect(notes.count == (name == "out.mkv" ? 0 : 1))
        let sound = try shop.probe(
            path, "-select_streams a -show_entries stream_disposition=default:stream_tags=language")
        #expect(sound == ["0,eng", "1,\(name == "out.mov" ? "ger" : "deu")"])
        #expect(
            try shop.probe(path, "-show_chapters -show_entries chapter=start_time,end_time:chapter_tags=title") == [
                "0.000000,1.000000,One", "1.000000,2.000000,Two",
            ])
        let tags = try shop.probe(path, "-show_entries format_tags=title,artist").joined()
        #expect(tags.contains("A film") && tags.contains("Somebody"))
        // An mp4's chapter track is no data of its own.
        let (_, again) = try shop.mux(path, into: "again.\(name)")
        #expect(again.isEmpty, "\(again)")
    }

    @Test func aSegmentCutsTextAndChapters() throws {
        let shop = try SideStreamsWorkshop()
        let film = try film(shop, "s.mp4", "mov_text")
        let (path, _) = try shop.mux(film, into: "out.mkv", segment: try MediaSegment(from: 0.5, to: 1.5))
        let cues = try cues(shop, path)
        #expect(cues == ["00:00:00,700 --> 00:00:01,400 World"])
        #expect(
            try shop.probe(path, "-show_chapters -show_entries chapter=start_time,end_time:chapter_tags=title") == [
                "0.000000,0.500000,One", "0.500000,1.000000,Two",
            ])
    }

    @Test func soundAloneIsSoundAlone() throws {
        let shop = try SideStreamsWorkshop()
        let film = try film(shop, "s.mkv", "srt")
        let (path, notes) = try shop.mux(film, into: "out.mkv", audioOnly: true)
        #expect(notes.isEmpty)
        #expect(try shop.probe(path, "-show_entries stream=codec_type") == ["audio", "audio"])
        #expect(try shop.probe(path, "-show_entries format_tags=title").isEmpty)
    }

    @Test func coverArtIsKeptWhereTheContainerHoldsIt() throws {
        let shop = try SideStreamsWorkshop()
        _ = try SideStreamsAudioTests.beep(shop, "aac", "beep.mp4")
        try ImageFile.write(ImageBench.picture(16, 16), path: shop.path("cover.png"), overwrite: false)
        let source = try shop.clip(
            "s.mp4", "-i beep.mp4 -i cover.png -map 0 -map 1 -c copy -disposition:v:1 attached_pic")
        let picture = try Data(contentsOf: URL(fileURLWithPath: shop.path("cover.png")))
        for name in ["out.mp4", "out.mkv"] {
            let (path, notes) = try shop.mux(source, into: name)
            #expect(notes.isEmpty)
            #expect(
                try shop.probe(
                    path, "-select_streams v -show_entries stream=codec_name:stream_disposition=attached_pic")
                    == ["png,1"])
            try shop.clip("back.png", "-i \(path) -map 0:v -c copy -f image2")
            #expect(try Data(contentsOf: URL(fileURLWithPath: shop.path("back.png"))) == picture, "\(name)")
        }
        for suffix in ["mov", "webm"] {
            let (_, notes) = try shop.mux(source, into: "out.\(suffix)")
            #expect(notes.contains("\(source): cover art stream 2 (png) is left out: \(suffix) holds no cover art"))
        }
    }

    @Test func dataAndFurtherVideoAreLeftOutInWords() throws {
        let shop = try SideStreamsWorkshop()
        _ = try SideStreamsAudioTests.beep(shop, "aac", "beep.mp4")
        let timecode = try shop.clip("t.mov", "-i beep.mp4 -c copy -timecode 01:00:00:00")
        let notes = try shop.mux(timecode, into: "out.mp4").notes
        #expect(notes.count == 1)
        #expect(notes.first?.contains("data stream 2") == true)
        #expect(notes.first?.hasSuffix("is left out: data is not carried over") == true)
        let two = try shop.clip("two.mp4", "-i beep.mp4 -map 0:v -map 0:v -map 0:a -c copy")
        #expect(
            try shop.mux(two, into: "one.mp4").notes == [
                "\(two): video stream 1 (mpeg4) is left out: one video stream is kept, the stylized one"
            ])
    }

    @Test func attachmentsStayInMatroska() throws {
        let shop = try SideStreamsWorkshop()
        _ = try SideStreamsAudioTests.beep(shop, "aac", "beep.mp4")
        try text(shop, "font.ttf", "not really a font")
        let source = try shop.clip(
            "s.mkv", "-i beep.mp4 -c copy -attach font.ttf -metadata:s:2 mimetype=application/x-truetype-font")
        let (path, notes) = try shop.mux(source, into: "out.mkv")
        #expect(notes.isEmpty)
        #expect(try shop.probe(path, "-select_streams t -show_entries stream_tags=filename") == ["font.ttf"])
        #expect(
            try shop.mux(source, into: "out.mp4").notes == [
                "\(source): attachment stream 2 (ttf) is left out: mp4 holds no attachments"
            ])
    }

    @Test func theSameInputGivesTheSameBytes() throws {
        let shop = try SideStreamsWorkshop()
        let film = try film(shop, "s.mkv", "ass")
        for name in ["mp4", "mkv", "webm"] {
            let first = try shop.mux(film, into: "a.\(name)").path
            let second = try shop.mux(film, into: "b.\(name)").path
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: first)) == Data(contentsOf: URL(fileURLWithPath: second)))
        }
    }
}
