import Foundation
import NeuralNet
import Tensors
import Testing

@Suite struct SafetensorsFileTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden")

    /// A file with the given header and data.
    private static func file(_ header: String, data: Int = 0, length: Int? = nil) -> Data {
        var bytes = Data((0..<8).map { UInt8(truncatingIfNeeded: (length ?? header.utf8.count) >> ($0 * 8)) })
        bytes.append(contentsOf: header.utf8)
        bytes.append(contentsOf: repeatElement(0, count: data))
        return bytes
    }

    @Test func readsEveryTypeAsFloat() throws {
        let file = try SafetensorsFile.read(path: Self.golden.appendingPathComponent("types.safetensors").path)
        let values: [Float] = [0, -0.0, 1, -2.5, 65504, 0x1p-24, 0.333251953125, .infinity]
        #expect(file.name == "types.safetensors")
        #expect(file.names == ["brain", "empty", "half", "scalar", "single"])
        #expect(try file.tensor(named: "single").values == values)
        #expect(try file.tensor(named: "half").values == values)
        #expect(try file.tensor(named: "half").values[1].sign == .minus)
        #expect(try file.tensor(named: "brain").values == [0, -0.0, 1, -2.5, 65536, 0x1p-24, 0.333984375, .infinity])
        #expect(try file.tensor(named: "scalar").values == [7])
        #expect(try file.tensor(named: "scalar").shape == [])
        #expect(file.shape(of: "empty") == [0, 3])
        #expect(file.metadata.isEmpty)
    }

    @Test func writesTheBytesThatTheSafetensorsPackageWrites() throws {
        let tensors = ["b.weight": Tensor([2, 3], [0, 1, 2, 3, 4, 5]), "a": Tensor([1], [1.5])]
        let written = SafetensorsFile.bytes(tensors: tensors, metadata: ["note": "a \"quoted\"\nline"])
        #expect(written == (try Data(contentsOf: Self.golden.appendingPathComponent("two.safetensors"))))
    }

    @Test func readsWhatItWrote() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var random = LayerRandom(seed: 31)
        let tensors = ["ä/\u{1}\\\"": random.tensor([3, 5]), "z": random.tensor([4]), "scalar": random.tensor([])]
        let metadata = ["normalization": "slim-0.45-0.25", "tab\t": "\u{7F}\u{1F600}"]
        try SafetensorsFile.write(tensors: tensors, metadata: metadata, path: path)
        let file = try SafetensorsFile.read(path: path)
        #expect(file.metadata == metadata)
        for (name, tensor) in tensors { #expect(try file.tensor(named: name) == tensor) }
        #expect(file.names.count == 3)
    }

    @Test func acceptsEscapesAndSpace() throws {
        let header = """
            { "a\\u00e4\\ud83d\\ude00\\n" : {"shape":[ 1 ], "data_offsets" : [0,4],\t"dtype":"F32"} ,
             "__metadata__" : {} }
            """
        let file = try SafetensorsFile.read(bytes: Self.file(header, data: 4), name: "x")
        #expect(file.names == ["aä😀\n"])
        #expect(try SafetensorsFile.read(bytes: Self.file("{}"), name: "x").names.isEmpty)
    }

    private static func one(_ body: String) -> String { "{\"w\":{\(body)}}" }
    private static func entry(_ type: String, _ shape: String, _ offsets: String) -> String {
        "\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)"
    }

    private static let faults: [(Data, String)] = [
        (Data([1, 2, 3]), "it has 3 bytes, too few for a safetensors file"),
        (
            file("{}", length: 100),
            "it is truncated or no safetensors file: the header should have 100 bytes, 2 are there"
        ),
        (
            file("{}", length: -1),
            "it is truncated or no safetensors file: the header should have 18446744073709551615 bytes, 2 are there"
        ),
        (
            file(String(repeating: " ", count: 16 << 20 | 1)),
            "the header has 16777217 bytes, more than 16777216"
        ),
        (file(""), "the header is not as expected at byte 8: '{' should be there"),
        (file("{\"w\""), "the header is not as expected at byte 12: ':' should be there"),
        (file("{\"w"), "the header is not as expected at byte 11: the end of a string should be there"),
        (file("{\"w\": 3}"), "the header is not as expected at byte 14: '{' should be there"),
        (
            file(String(repeating: "[", count: 100_000)),
            "the header is not as expected at byte 8: '{' should be there"
        ),
        (file("{} x"), "the header is not as expected at byte 11: the end of the header should be there"),
        (
            file("{\"\\ud83d\":{}}"),
            "the header is not as expected at byte 16: the second half of a surrogate pair should be there"
        ),
        (file("{\"\\q\":{}}"), "the header is not as expected at byte 12: an escaped character should be there"),
        (
            file("{\"\n\":{}}"),
            "the header is not as expected at byte 11: a string without control characters should be there"
        ),
        (file(one("")), "'w' has no 'dtype'"),
        (file(one("\"dtype\":\"F32\",\"shape\":[]")), "'w' has no 'data_offsets'"),
        (file(one("\"dtype\":\"F32\",\"dtype\":\"F32\"")), "'w' has 'dtype' twice"),
        (file(one("\"kind\":\"F32\"")), "'w' has an unknown member 'kind'"),
        (
            file(one(entry("F32", "[1.5]", "[0,4]")), data: 4),
            "the header is not as expected at byte 38: ']' should be there"
        ),
        (
            file(one(entry("F32", "[99999999999999999999]", "[0,4]")), data: 4),
            "the header is not as expected at byte 37: a whole number should be there"
        ),
        (file(one(entry("F64", "[1]", "[0,8]")), data: 8), "'w' has type 'F64', not one of F32, F16, BF16"),
        (file(one(entry("F32", "[-1]", "[0,4]")), data: 4), "'w' has shape [-1]"),
        (file(one(entry("F32", "[1]", "[-4,0]")), data: 4), "'w' has data offsets [-4, 0]"),
        (file(one(entry("F32", "[1]", "[4,0]")), data: 4), "'w' has data offsets [4, 0]"),
        (file(one(entry("F32", "[1]", "[0]")), data: 4), "'w' has data offsets [0]"),
        (file(one(entry("F32", "[2]", "[0,8]")), data: 4), "'w' ends at byte 8 of the data, which has 4 bytes"),
        (file(one(entry("F32", "[2]", "[0,4]")), data: 4), "'w' has shape [2] of F32 but 4 bytes of data"),
        (
            file(one(entry("F32", "[4611686018427387904,4]", "[0,0]"))),
            "'w' has shape [4611686018427387904, 4] of F32 but 0 bytes of data"
        ),
        (
            file(one(entry("F32", "[0,4611686018427387904,4]", "[0,0]"))),
            "'w' has shape [0, 4611686018427387904, 4]"
        ),
        (
            file("{\"w\":{\(entry("F16", "[1]", "[0,2]"))},\"w\":{\(entry("F16", "[1]", "[2,4]"))}}", data: 4),
            "'w' is there twice"
        ),
        (file("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}"), "metadata 'a' is there twice"),
        (
            file("{\"v\":{\(entry("F32", "[2]", "[0,8]"))},\"w\":{\(entry("F32", "[1]", "[4,8]"))}}", data: 8),
            "'w' overlaps another tensor"
        ),
        (file(one(entry("F32", "[1]", "[4,8]")), data: 8), "4 bytes before 'w' belong to no tensor"),
        (file(one(entry("F32", "[1]", "[0,4]")), data: 7), "3 bytes at the end belong to no tensor"),
        (file("{\"\\u001b[2J\":{}}"), "'?[2J' has no 'dtype'"),
    ]

    @Test(arguments: faults.indices) func saysWhatIsWrong(index: Int) {
        let (bytes, message) = Self.faults[index]
        #expect(throws: BrushflowError(.content, "mosaic.safetensors: cannot read weights: \(message)")) {
            try SafetensorsFile.read(bytes: bytes, name: "mosaic.safetensors")
        }
    }

    @Test func saysWhatIsMissing() throws {
        #expect(throws: BrushflowError(.input, "/nowhere/w.safetensors: cannot read weights: there is no such file")) {
            try SafetensorsFile.read(path: "/nowhere/w.safetensors")
        }
        #expect(throws: BrushflowError(.input, "/dev/zero: cannot read weights: it is not a regular file")) {
            try SafetensorsFile.read(path: "/dev/zero")
        }
        let file = try SafetensorsFile.read(bytes: Self.file("{}"), name: "x.safetensors")
        #expect(throws: BrushflowError(.content, "x.safetensors: 'w' is missing")) { try file.tensor(named: "w") }
    }

    @Test func aSliceOfDataIsReadLikeAnyOther() throws {
        let bytes = Data([9, 9, 9]) + SafetensorsFile.bytes(tensors: ["a": Tensor([2], [1, 2])])
        let file = try SafetensorsFile.read(bytes: bytes.dropFirst(3), name: "x")
        #expect(try file.tensor(named: "a").values == [1, 2])
    }

    @Test func damagedFilesNeverStopTheProcess() throws {
        var random = LayerRandom(seed: 41)
        let sound = SafetensorsFile.bytes(
            tensors: [
                "conv.weight": random.tensor([2, 2, 3, 3]), "conv.bias": random.tensor([2]), "e": Tensor([0, 2]),
            ],
            metadata: ["normalization": "imagenet-mean-std"])
        let tokens = ["{", "}", "[", "]", ",", ":", "\"", "\\", "-", "9", "\\ud800", "F16", "\u{0}"].map {
            Data($0.utf8)
        }
        var read = 0
        for _ in 0..<4000 {
            var bytes = sound
            for _ in 0...Int.random(in: 0...3, using: &random) {
                // Mostly the header, which decides.
                let limit = Bool.random(using: &random) ? bytes.count : min(bytes.count, 220)
                guard limit > 0 else { break }
                let at = Int.random(in: 0..<limit, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: bytes = Data(bytes.prefix(at))
                case 3: bytes.insert(contentsOf: tokens[Int.random(in: tokens.indices, using: &random)], at: at)
                default: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...9, using: &random)))
                }
            }
            do {
                let file = try SafetensorsFile.read(bytes: bytes, name: "damaged")
                for name in file.names { _ = try file.tensor(named: name) }
                read += 1
            } catch let error as BrushflowError {
                #expect(error.kind == .content && error.message.hasPrefix("damaged: cannot read weights: "))
            }
        }
        #expect((1..<4000).contains(read))
    }
}
