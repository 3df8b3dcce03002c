import Testing

/// The arrows of ARCHITECTURE.md, as the imports draw them.
struct ImportTests {
    /// What each folder of `Sources` may import, besides the system's modules.
    static let arrows: [String: Set<String>] = [
        "Tensors": ["CKernels", "COpenBLAS"],
        "OpticalFlow": ["Tensors", "CKernels"],
        "NeuralNet": ["Tensors", "CKernels", "SwiftProtobuf"],
        "Stylization": ["NeuralNet", "OpticalFlow", "Tensors", "CEmbedded"],
        "Measurement": ["Stylization", "OpticalFlow", "Tensors"],
        "Training": ["Stylization", "NeuralNet", "OpticalFlow", "Tensors"],
        "Media": ["CFFmpeg", "CKernels", "Tensors"],
        "Pipeline": [
            "Measurement", "Media", "Training", "Stylization", "OpticalFlow", "NeuralNet", "Tensors", "CEmbedded",
            "Logging", "Yams",
        ],
        "Brushflow": ["Measurement", "Pipeline", "Media", "Tensors"],
        "brushflow-cli": ["Brushflow", "ArgumentParser", "Logging"],
    ]
    static let system: Set = ["Foundation", "FoundationEssentials", "Dispatch", "Synchronization", "Glibc"]
    /// Times kernels for the developers and ships to nobody.
    static let free = "brushflow-bench"
    /// Modules that one other module alone may import.
    static let owners = ["COpenBLAS": "Tensors", "CFFmpeg": "Media"]

    static func faults(in file: SourceFile) -> [String] {
        file.imports.compactMap { name in
            if let owner = owners[name] {
                return owner == file.module ? nil : "\(file.path) imports \(name), which only \(owner) may"
            }
            if system.contains(name) || file.module == free { return nil }
            guard let allowed = arrows[file.module] else {
                return "\(file.path): '\(file.module)' has no row in the table"
            }
            return allowed.contains(name) ? nil : "\(file.path) imports \(name)"
        }
    }

    @Test func everyImportFollowsAnArrow() throws {
        let files = try SourceFile.all(under: "Sources", suffixes: ["swift"])
        #expect(files.count > 10)
        #expect(files.flatMap(Self.faults) == [])
    }

    @Test func arrowsHaveNoCycle() {
        var left = Self.arrows
        while let leaf = left.first(where: { row in row.value.isDisjoint(with: left.keys) }) {
            left[leaf.key] = nil
        }
        #expect(left.isEmpty, "\(left.keys.sorted()) import each other")
    }

    @Test(arguments: [
        ("Sources/Stylization/A.swift", "import Media", "Sources/Stylization/A.swift imports Media"),
        (
            "Sources/Media/A.swift", "@preconcurrency import COpenBLAS",
            "Sources/Media/A.swift imports COpenBLAS, which only Tensors may"
        ),
        (
            "Sources/brushflow-bench/A.swift", "import CFFmpeg",
            "Sources/brushflow-bench/A.swift imports CFFmpeg, which only Media may"
        ),
        (
            "Sources/Tensors/A.swift", "package import struct OpticalFlow.FlowField",
            "Sources/Tensors/A.swift imports OpticalFlow"
        ),
        ("Sources/Extra/A.swift", "import Tensors", "Sources/Extra/A.swift: 'Extra' has no row in the table"),
    ])
    func wrongArrowIsFound(path: String, text: String, fault: String) {
        #expect(Self.faults(in: SourceFile(path: path, text: text)) == [fault])
    }

    @Test func importsInCommentsAndStringsAreNone() {
        let text = "// import Media\n/*\nimport Media\n*/\nlet s = \"\"\"\nimport Media\n\"\"\"\nimport Tensors\n"
        #expect(SourceFile(path: "Sources/OpticalFlow/A.swift", text: text).imports == ["Tensors"])
    }
}
