import Testing

/// Rules of CONTRIBUTING.md that a search can check.
struct HabitTests {
    static let longestFile = 500

    /// Faults of any hand-written file.
    static func faults(in file: SourceFile) -> [String] {
        var faults: [String] = []
        if file.lineCount > longestFile {
            faults.append("\(file.path) has \(file.lineCount) lines, at most \(longestFile) are allowed")
        }
        if file.path.contains(/Utils|Helper|Manager/) { faults.append("\(file.path): say what it does in its name") }
        if file.text.contains(/\b(?:TODO|FIXME)\b/) { faults.append("\(file.path) leaves work for later") }
        return faults
    }

    /// Faults of a Swift file of the product.
    static func productFaults(in file: SourceFile) -> [String] {
        var faults: [String] = []
        for match in file.code.matches(of: /\btry!|\bas!|\bfatalError\b/) {
            faults.append("\(file.path): \(match.0) can stop the process")
        }
        for match in file.code.matches(of: /\b(?:struct|class|enum|actor|protocol)\s+(\w*(?:Utils|Helper|Manager)\w*)/)
        {
            faults.append("\(file.path): \(match.1) does not say what it does")
        }
        for signature in publicSignatures(in: file.code)
        where signature.contains(/\bUnsafe\w*Pointer\b|\bOpaquePointer\b/) {
            faults.append("\(file.path): an unsafe pointer is public: \(signature)")
        }
        return faults
    }

    /// Every `public` or `open` declaration up to its body, and public protocols with theirs, each on one line.
    static func publicSignatures(in code: String) -> [String] {
        code.matches(of: /\b(?:public|open)\s(?!\s*\(set\))/).map { match in
            var depth = 0
            var signature = ""
            let rest = code[match.range.lowerBound...]
            let isProtocol = rest.starts(with: /(?:public|open)\s+protocol\b/)
            for character in rest {
                if "([{".contains(character) { depth += 1 }
                if character == "{" && depth == 1 && !isProtocol { break }
                if ")]}".contains(character) { depth -= 1 }
                if character == "}" && depth <= 0 { break }
                if character.isNewline && depth == 0 && !signature.hasSuffix("->") { break }
                signature.append(character.isNewline ? " " : character)
            }
            return signature.split(separator: " ").joined(separator: " ")
        }
    }

    @Test(arguments: ["Sources", "Tests", "Scripts"])
    func filesKeepTheHabits(folder: String) throws {
        let own = "Tests/ArchitectureTests/HabitTests.swift"  // names what it searches for
        let files = try SourceFile.all(under: folder, suffixes: ["swift", "c", "h", "py"]).filter {
            // protoc's output is nobody's handwriting.
            $0.path != own && !$0.path.hasSuffix(".pb.swift")
        }
        #expect(!files.isEmpty)
        #expect(files.flatMap(Self.faults) == [])
    }

    @Test func productKeepsTheHabits() throws {
        let files = try SourceFile.all(under: "Sources", suffixes: ["swift"])
        #expect(files.flatMap(Self.productFaults) == [])
    }

    @Test(arguments: [
        (
            "Sources/A/B.swift", String(repeating: "\n", count: 501),
            "Sources/A/B.swift has 501 lines, at most 500 are allowed"
        ),
        ("Sources/A/MathUtils.swift", "", "Sources/A/MathUtils.swift: say what it does in its name"),
        ("Sources/A/B.swift", "// FIXME: later", "Sources/A/B.swift leaves work for later"),
    ])
    func badFileIsFound(path: String, text: String, fault: String) {
        #expect(Self.faults(in: SourceFile(path: path, text: text)) == [fault])
    }

    @Test(arguments: [
        ("let a = try! b()", "A.swift: try! can stop the process"),
        ("let a = b as! C", "A.swift: as! can stop the process"),
        ("fatalError(\"x\")", "A.swift: fatalError can stop the process"),
        ("package final class FrameManager {}", "A.swift: FrameManager does not say what it does"),
        (
            "public func a(\n    b: UnsafePointer<Float>\n) {}",
            "A.swift: an unsafe pointer is public: public func a( b: UnsafePointer<Float> )"
        ),
        (
            "public protocol A {\n    func b() -> OpaquePointer\n}",
            "A.swift: an unsafe pointer is public: public protocol A { func b() -> OpaquePointer"
        ),
    ])
    func badCodeIsFound(text: String, fault: String) {
        #expect(Self.productFaults(in: SourceFile(path: "A.swift", text: text)) == [fault])
    }

    @Test func bodiesCommentsAndStringsAreNoFaults() {
        let text = """
            /// Never `try!` here: fatalError is barred.
            public func a() -> Int {
                package let b: UnsafePointer<Float>
                return "as! \\"try!\\"".count
            }
            public private(set) var c = 0
            package func d(_ e: UnsafeRawPointer) {}
            """
        #expect(Self.productFaults(in: SourceFile(path: "A.swift", text: text)) == [])
    }
}
