import Foundation
import FoundationXML
import Testing

/// The report's page: whole, small, and asking for nothing.
@Suite struct ReportTests {
    /// Notes what a parser meets.
    private final class Reader: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]
        var addresses: [String] = []
        var classes: [String: Int] = [:]

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            counts[name, default: 0] += 1
            addresses += ["src", "href", "data", "poster", "srcset", "action"].compactMap { attributes[$0] }
            for word in (attributes["class"] ?? "").split(separator: " ") { classes[String(word), default: 0] += 1 }
        }
    }

    private func read(_ page: String) throws -> Reader {
        // Style and script are no XML; the parser gets the page without their contents.
        let bare = page.replacing(/(?s)<(style|script)>.*?<\/(?:style|script)>/) { "<\($0.1)></\($0.1)>" }
            .replacing("<!DOCTYPE html>", with: "")
        let reader = Reader()
        let parser = XMLParser(data: Data(bare.utf8))
        parser.delegate = reader
        #expect(parser.parse(), "line \(parser.lineNumber): \(String(describing: parser.parserError))")
        return reader
    }

    private func checkSelfContained(_ page: String, _ reader: Reader) {
        #expect(!page.contains("{{") && !page.contains("}}"))
        #expect(reader.addresses.allSatisfy { $0.hasPrefix("data:") })
        #expect(!page.contains(/\b(?:https?|wss?|file):\/\//))
        #expect(!page.contains(/@import|url\(|fetch\(|XMLHttpRequest|WebSocket|import\(/))
        #expect(page.utf8.count < 5_000_000)
    }

    @Test func aReportIsOneFileThatAsksForNothing() throws {
        let place = try Workplace()
        let fixture = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
        // Frames 30 to 53, so that a cut lies within, and a grainy copy whose name wants escaping.
        try place.ffmpeg(
            "-i \(fixture) -an -vf trim=start_frame=30:end_frame=54,setpts=PTS-STARTPTS,scale=96:54 -c:v ffv1",
            to: "clip.mkv")
        try place.ffmpeg("-i clip.mkv -vf noise=alls=12:allf=t -c:v ffv1", to: "a<b>&'c'.mkv")
        try place.ffmpeg("-i clip.mkv -vf noise=alls=40:allf=t -c:v ffv1", to: "independent.mkv")
        let run = try CommandRun.brushflow(
            "measure", "--source", "clip.mkv", "--stylized", "a<b>&'c'.mkv", "--independent", "independent.mkv",
            "--style",
            "swirl", "--report", "r.html", in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.hasSuffix("report: r.html\n"))
        let page = try String(contentsOf: place.url.appendingPathComponent("r.html"), encoding: .utf8)
        let reader = try read(page)
        checkSelfContained(page, reader)
        #expect(page.contains("<title>How steady is a&lt;b&gt;&amp;&#39;c&#39;.mkv?</title>"))
        #expect(reader.counts["svg"] == 6 && reader.counts["video"] == 1 && reader.counts["article"] == 10)
        // Ten worst frames of four pictures, nine pairs of the filmstrip, one scale.
        #expect(reader.counts["img"] == 59)
        #expect(reader.classes["cut"] == 6 && reader.classes["tile"] == 5)
        #expect(page.contains("steadier than per-frame painting by "))
        let again = try CommandRun.brushflow(
            "measure", "--source", "clip.mkv", "--stylized", "clip.mkv", "--report", "r.html", in: place.url)
        #expect(again.status == 73)
        #expect(again.errors == "brushflow: error: r.html: exists already; give --overwrite to replace it\n")
    }

    @Test func stylizeMakesAReportWithASampleOfPerFramePainting() throws {
        let place = try Workplace()
        let fixture = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
        try place.ffmpeg("-i \(fixture) -an -frames:v 14 -vf scale=64:36 -c:v ffv1", to: "clip.mkv")
        let run = try CommandRun.brushflow(
            "stylize", "clip.mkv", "-o", "out.mp4", "--style", "woodblock", "--set", "stylize.steps=6", "--set",
            "stylize.nextSteps=4", "--report", "r.html", "--json", in: place.url)
        #expect(run.status == 0, "\(run.errors)")
        let last = try #require(run.output.split(separator: "\n").last)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
        #expect(object["event"] as? String == "measured" && object["frames"] as? Int == 14)
        // Distances on every frame, so pairs (k - 1, k); neighbours that both are painted make pairs of their own.
        #expect(try #require(object["independentPairs"] as? Int) >= 5)
        let page = try String(contentsOf: place.url.appendingPathComponent("r.html"), encoding: .utf8)
        checkSelfContained(page, try read(page))
        #expect(page.contains("painted anew and not encoded"))
        #expect(place.names == ["clip.mkv", "out.mp4", "r.html"])
    }

    @Test func aReportOnOneImageIsRefusedBeforePainting() throws {
        let place = try Workplace()
        try place.ffmpeg("-f lavfi -i testsrc2=s=64x48 -frames:v 1", to: "a.png")
        let run = try CommandRun.brushflow(
            "stylize", "a.png", "-o", "b.png", "--style", "swirl", "--report", "r.html", in: place.url)
        #expect(run.status == 64)
        #expect(run.errors == "brushflow: error: a.png: is one image; --report measures clips: leave it out\n")
        #expect(place.names == ["a.png"])
    }
}
