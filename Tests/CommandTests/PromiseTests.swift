import Foundation
import Testing

/// What SECURITY.md promises.
@Suite struct PromiseTests {
    private static let strace = "/usr/bin/strace"
    private static let hasStrace = FileManager.default.isExecutableFile(atPath: strace)
    private static let calls =
        "execve,execveat,socket,connect,open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,"
        + "mkdirat,link,linkat,symlink,symlinkat,truncate,mknod,mknodat"

    /// A clip whose subtitles name files and fonts, with a font attached.
    private func place() throws -> Workplace {
        let place = try Workplace()
        let clip = CommandRun.repository.appendingPathComponent("Fixtures/clip/clip.mp4").path
        try FileManager.default.createDirectory(atPath: place.path("work"), withIntermediateDirectories: true)
        try place.write("no font\n", to: "work/font.ttf")
        try place.write(
            """
            [Script Info]
            ScriptType: v4.00+
            [V4+ Styles]
            Format: Name, Fontname, Fontsize
            Style: Default,/etc/hostname,20
            [Events]
            Format: Layer, Start, End, Style, Text
            Dialogue: 0,0:00:00.00,0:00:00.20,Default,{\\fnfile:///etc/passwd}http://localhost/x.ttf

            """, to: "work/words.ass")
        try place.ffmpeg(
            "-i \(clip) -i work/words.ass -frames:v 6 -vf scale=96:54 -c:a aac -c:s ass -attach work/font.ttf "
                + "-metadata:s:t mimetype=application/x-truetype-font", to: "work/clip.mkv")
        for name in ["font.ttf", "words.ass"] { try FileManager.default.removeItem(atPath: place.path("work/\(name)")) }
        return place
    }

    private func directory(_ place: Workplace) -> URL { place.url.appendingPathComponent("work") }

    /// The system's own account of a run: no socket, no other program, no file made or changed outside the target's
    /// directory and the cache, and of the files there only the clip is read.
    @Test(.enabled(if: hasStrace, "strace is not installed"), arguments: ["starry-night", "my.jpg"])
    func aRunTouchesNothingElse(style: String) throws {
        let place = try place()
        let painting = CommandRun.repository.appendingPathComponent("Fixtures/styles/woodblock.jpg").path
        try FileManager.default.copyItem(atPath: painting, toPath: place.path("work/my.jpg"))
        let learning = style == "my.jpg" ? ["--learn-steps", "1"] : []
        let words = ["-f", "-qq", "-y", "-e", "trace=\(Self.calls)", "-o", place.path("trace"), CommandRun.brushflow]
        let run = try CommandRun.run(
            Self.strace, words + ["stylize", "clip.mkv", "-o", "out.mkv", "--style", style] + learning,
            in: directory(place), environment: ["XDG_CACHE_HOME": place.path("cache")])
        #expect(run.status == 0, "\(run.errors)")
        let trace = try String(contentsOfFile: place.path("trace"), encoding: .utf8).split(separator: "\n")
        #expect(trace.filter { $0.contains("execve") }.count == 1)
        #expect(trace.filter { $0.contains(" socket(") || $0.contains(" connect(") } == [])
        let changes = trace.filter { line in
            let opens = line.contains(" open")
            return opens
                ? line.contains("O_WRONLY") || line.contains("O_RDWR") || line.contains("O_CREAT")
                : !line.contains("execve")
        }
        #expect(changes.count >= 3)
        let allowed = [directory(place).path, place.path("cache"), "/dev/"]
        for line in changes {
            for quoted in line.matches(of: /"([^"]*)"/) {
                let name = String(quoted.1)
                let isInside = !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
                #expect(isInside || allowed.contains { name.hasPrefix($0) }, "\(line)")
            }
        }
        let nested = ["/etc/hostname", "/etc/passwd", "x.ttf", "font.ttf"]
        #expect(trace.filter { line in nested.contains { line.contains($0) } } == [])
    }

    private func stylize(_ input: String, _ output: String, _ more: String..., in place: Workplace) throws -> CommandRun
    {
        try CommandRun.run(
            CommandRun.brushflow,
            ["stylize", "-o", output, "--style", "swirl", "--set", "stylize.steps=0", "--duration", "0.1"] + more
                + ["--", input], in: directory(place))
    }

    /// A link under the output's name is replaced, never written through.
    @Test func aLinkIsNotFollowed() throws {
        let place = try place()
        try place.write("precious\n", to: "precious.mkv")
        try FileManager.default.createSymbolicLink(
            atPath: place.path("work/out.mkv"), withDestinationPath: place.path("precious.mkv"))
        let refused = try stylize("clip.mkv", "out.mkv", in: place)
        #expect(refused.status == 73)
        #expect(refused.errors.hasPrefix("brushflow: error: out.mkv: "), "\(refused.errors)")
        #expect(try stylize("clip.mkv", "out.mkv", "--overwrite", in: place).status == 0)
        #expect(try String(contentsOfFile: place.path("precious.mkv"), encoding: .utf8) == "precious\n")
        let kind = try FileManager.default.attributesOfItem(atPath: place.path("work/out.mkv"))[.type]
        #expect(kind as? FileAttributeType == .typeRegular)
    }

    @Test(arguments: ["-y.mkv", "file:a.mkv", "http:a.mkv", "æ ø\t\"'.mkv", "a\nb.mkv", "%03d.mkv", ".hidden.mkv"])
    func namesAreOnlyNames(name: String) throws {
        let place = try place()
        try FileManager.default.moveItem(atPath: place.path("work/clip.mkv"), toPath: place.path("work/\(name)"))
        let run = try stylize(name, "painted \(name)", in: place)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory(place).path).sorted()
                == [name, "painted \(name)"].sorted())
        #expect(place.names == ["work"])
    }

    /// Names that leave no room for a working file beside them, or that no file can have.
    @Test(arguments: [250, 300, 5000]) func longNamesAreRefused(length: Int) throws {
        let place = try place()
        let name = String(repeating: "n", count: length - 4) + ".mkv"
        let run = try stylize("clip.mkv", name, in: place)
        #expect(run.status == 73, "\(run.errors)")
        #expect(run.errors.hasPrefix("brushflow: error: \(name): ") && run.errors.contains("File name too long"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory(place).path) == ["clip.mkv"])
    }
}
