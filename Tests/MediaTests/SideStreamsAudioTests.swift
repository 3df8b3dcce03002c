import Foundation
import Media
import Tensors
import Testing

@Suite(.enabled(if: SideStreamsWorkshop.isOpen, "ffmpeg and ffprobe are not installed"))
struct SideStreamsAudioTests {
    /// A tone that begins at second 1 of a 2 s clip, beside a picture, so that a shift of one audio frame is seen.
    static func beep(_ shop: SideStreamsWorkshop, _ codec: String, _ name: String) throws -> String {
        try shop.clip(
            name,
            "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -f lavfi -i aevalsrc=0.8*sin(2*PI*1000*t)*gte(t\\,1):s=48000:d=2 "
                + "-map 0:v -map 1:a -c:v mpeg4 -c:a \(codec)"
                + (codec == "libopus" ? " -frame_duration 20" : ""))
    }

    /// Codec, source, targets that copy it, targets that convert it.
    static let cases: [(codec: String, source: String, copied: [String], converted: [String])] = [
        ("aac", "s.mp4", ["mp4", "mov", "mkv"], ["webm"]),
        ("libmp3lame", "s.mp4", ["mp4", "mov", "mkv"], ["webm"]),
        ("libopus", "s.mkv", ["mp4", "mkv", "webm"], ["mov"]),
        ("libvorbis", "s.mkv", ["mkv", "webm"], ["mp4", "mov"]),
        ("flac", "s.mkv", ["mkv"], ["mp4", "mov", "webm"]),
        ("pcm_s16le", "s.mov", ["mov", "mkv"], ["mp4", "webm"]),
        ("ac3", "s.mkv", ["mp4", "mov", "mkv"], ["webm"]),
    ]

    @Test(arguments: 0..<cases.count)
    func everyCodecReachesEveryContainerInSync(index: Int) throws {
        let shop = try SideStreamsWorkshop()
        let test = Self.cases[index]
        let source = try Self.beep(shop, test.codec, test.source)
        // Every packet's size, then the codec's name.
        let entries = "-select_streams a -show_entries packet=size:stream=codec_name"
        let content = try shop.probe(source, entries)
        let reference = try #require(try shop.onset(source))
        for suffix in test.copied {
            let (path, notes) = try shop.mux(source, into: "out.\(suffix)")
            #expect(notes.isEmpty, "\(suffix): \(notes)")
            #expect(try shop.probe(path, entries) == content, "\(test.codec) in \(suffix)")
            #expect(abs(try #require(try shop.onset(path)) - reference) < 0.003, "\(test.codec) in \(suffix)")
        }
        for suffix in test.converted {
            let (path, notes) = try shop.mux(source, into: "out.\(suffix)")
            let name = suffix == "webm" ? "opus" : "aac"
            let words = try #require(content.last)
            #expect(
                notes == [
                    "\(source): audio stream 1 (\(words)) is converted to \(name == "aac" ? "AAC" : "Opus"): "
                        + "\(suffix) does not hold it"
                ])
            let written = try shop.probe(path, "-show_entries stream=codec_name:format=duration")
            #expect(written.first == name)
            #expect(abs(try #require(try shop.onset(path)) - reference) < 0.003, "\(test.codec) in \(suffix)")
            let length = try #require(written.last.flatMap { Double($0) })
            #expect(abs(length - 2) < 0.06, "\(test.codec) in \(suffix)")
        }
    }

    /// AAC in an mp4 without its configuration: Matroska's muxer took the stream and refused a packet when all was painted.
    @Test(arguments: ["mkv", "mp4"]) func soundWithoutItsConfigurationIsConverted(suffix: String) throws {
        let shop = try SideStreamsWorkshop()
        let source = try Self.beep(shop, "aac", "s.mp4")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: source))
        let configuration = try #require(bytes.range(of: Data("esds".utf8), options: .backwards))
        bytes.replaceSubrange(configuration, with: Data("esxx".utf8))
        try bytes.write(to: URL(fileURLWithPath: source))
        let (path, notes) = try shop.mux(source, into: "out.\(suffix)")
        #expect(notes.count == 1 && notes[0].contains("is converted to AAC"), "\(notes)")
        #expect(abs(try #require(try shop.onset(path)) - 1) < 0.05)
    }

    /// A clip whose Opus has lost its header, which only the demuxer and the decoder can do without.
    private static func headless(_ shop: SideStreamsWorkshop) throws -> String {
        let source = try beep(shop, "libopus", "s.mkv")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: source))
        let header = try #require(bytes.range(of: Data([0x63, 0xA2, 0x93]) + Data("OpusHead".utf8)))
        // The element of the codec's own data becomes a void one of the same size.
        bytes.replaceSubrange(header.lowerBound..<header.lowerBound + 3, with: [0xEC, 0x40, 0x13])
        try bytes.write(to: URL(fileURLWithPath: source))
        return source
    }

    /// The muxer of mp4 took the stream and refused the trailer, when all was painted.
    @Test func opusWithoutItsHeaderIsConverted() throws {
        let shop = try SideStreamsWorkshop()
        let source = try Self.headless(shop)
        let (path, notes) = try shop.mux(source, into: "out.mp4")
        #expect(notes == ["\(source): audio stream 1 (opus) is converted to AAC: mp4 does not hold it"])
        #expect(try shop.probe(path, "-show_entries stream=codec_name") == ["aac"])
        #expect(abs(try #require(try shop.onset(path)) - 1) < 0.03)
    }

    /// Streams that were planned for Matroska, so that nothing keeps them from mp4's muxer.
    @Test func aTrailerThatTheSourceSpoilsIsTheSourcesFault() throws {
        let shop = try SideStreamsWorkshop()
        let streams = try SideStreams(
            path: try Self.headless(shop), container: .mkv, segment: nil, audioOnly: false)
        let output = try OutputFormatHandle(path: shop.path("out.mp4"), container: .mp4)
        try streams.declare(in: output)
        try output.writeHeader()
        try streams.finish(to: output)
        #expect(
            throws: BrushflowError(
                .content,
                "\(shop.path("out.mp4")): mp4 cannot hold what the source holds: av_write_trailer: "
                    + "Invalid data found when processing input (invalid extradata size)")
        ) { try output.writeTrailer() }
    }

    /// At a hertz, a packet of a few seconds' bytes becomes days of sound, and gigabytes.
    @Test func soundOfAHertzIsLeftOut() throws {
        let shop = try SideStreamsWorkshop()
        let source = try shop.clip(
            "s.mkv",
            "-f lavfi -i testsrc2=s=32x32:r=25:d=1 -f lavfi -i sine=r=48000:d=4,asetrate=1,asetnsamples=n=90000 "
                + "-c:v mpeg4 -c:a pcm_s16le")
        let streams = try SideStreams(path: source, container: .mp4, segment: nil, audioOnly: false)
        #expect(
            streams.notes == ["\(source): audio stream 1 (pcm_s16le) is left out: 1 samples a second are no sound"])
    }

    /// One packet with minutes of sound is left out rather than held in memory at once.
    @Test func aPacketOfMinutesIsLeftOut() throws {
        let shop = try SideStreamsWorkshop()
        let source = try shop.clip(
            "s.mkv",
            "-f lavfi -i testsrc2=s=32x32:r=25:d=1 -f lavfi -i sine=r=8000:d=87.5,asetrate=1000,asetnsamples=n=700000 "
                + "-c:v mpeg4 -c:a pcm_u8")
        let (_, notes) = try shop.mux(source, into: "out.mp4")
        #expect(notes.last?.hasSuffix("1 damaged packets could not be converted; they are silent") == true, "\(notes)")
    }

    /// Encoders refuse what is no number; it ended the run as a fault of Brushflow's own.
    @Test(arguments: ["mp4", "webm"]) func samplesThatAreNoNumbersAreSilent(suffix: String) throws {
        let shop = try SideStreamsWorkshop()
        let source = try shop.clip(
            "s.mkv",
            "-f lavfi -i testsrc2=s=32x32:r=25:d=2 -f lavfi -i "
                + "aevalsrc=if(lt(t\\,1)\\,0/0\\,0.8*sin(2*PI*1000*t)):s=48000:d=2 -c:v mpeg4 -c:a pcm_f32le")
        let (path, notes) = try shop.mux(source, into: "out.\(suffix)")
        #expect(notes.last?.hasSuffix("damaged packets could not be converted; they are silent") == true, "\(notes)")
        #expect(abs(try #require(try shop.onset(path)) - 1) < 0.03)
    }
}
