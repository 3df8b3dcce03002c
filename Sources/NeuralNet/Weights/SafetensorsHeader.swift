/// Reads the JSON header of a safetensors file: one object whose members are tensors,
/// `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`, and `"__metadata__"`, an object of strings.
///
/// Only this form is accepted, so nothing nests deeper than it does and nothing is read twice: a repeated name
/// is a fault here, where a general JSON reader would keep one of the two.
struct SafetensorsHeader {
    /// One tensor as declared; nothing is checked yet but that the numbers are whole.
    struct Entry: Equatable {
        var type: String
        var shape: [Int]
        var offsets: [Int]
    }

    /// What is wrong with a header, to be completed with the file's name.
    struct Fault: Error {
        let message: String
    }

    private(set) var entries: [(name: String, entry: Entry)] = []
    private(set) var metadata: [String: String] = [:]

    private let bytes: [UInt8]
    private var position = 0

    /// Reads a whole header.
    init(_ bytes: [UInt8]) throws(Fault) {
        self.bytes = bytes
        var names: Set<String> = []
        try readObject { reader, name throws(Fault) in
            guard names.insert(name).inserted else { throw Fault(message: "\(quoted(name)) is there twice") }
            if name == "__metadata__" {
                try reader.readMetadata()
            } else {
                reader.entries.append((name, try reader.readEntry(name)))
            }
        }
        skipSpace()
        guard position == bytes.count else { throw fault("the end of the header") }
    }

    private mutating func readMetadata() throws(Fault) {
        try readObject { reader, key throws(Fault) in
            guard reader.metadata.updateValue(try reader.readString(), forKey: key) == nil else {
                throw Fault(message: "metadata \(quoted(key)) is there twice")
            }
        }
    }

    private mutating func readEntry(_ name: String) throws(Fault) -> Entry {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        try readObject { reader, key throws(Fault) in
            switch key {
            case "dtype" where type == nil: type = try reader.readString()
            case "shape" where shape == nil: shape = try reader.readIntegers()
            case "data_offsets" where offsets == nil: offsets = try reader.readIntegers()
            case "dtype", "shape", "data_offsets":
                throw Fault(message: "\(quoted(name)) has \(quoted(key)) twice")
            default:
                throw Fault(message: "\(quoted(name)) has an unknown member \(quoted(key))")
            }
        }
        guard let type, let shape, let offsets else {
            let missing = type == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
            throw Fault(message: "\(quoted(name)) has no '\(missing)'")
        }
        return Entry(type: type, shape: shape, offsets: offsets)
    }

    private mutating func readObject(
        _ member: (inout SafetensorsHeader, String) throws(Fault) -> Void
    ) throws(Fault) {
        try expect("{")
        if accept("}") { return }
        repeat {
            let name = try readString()
            try expect(":")
            try member(&self, name)
        } while accept(",")
        try expect("}")
    }

    private mutating func readIntegers() throws(Fault) -> [Int] {
        try expect("[")
        if accept("]") { return [] }
        var values: [Int] = []
        repeat {
            values.append(try readInteger())
        } while accept(",")
        try expect("]")
        return values
    }

    private mutating func readInteger() throws(Fault) -> Int {
        skipSpace()
        let start = position
        while position < bytes.count, bytes[position] == UInt8(ascii: "-") || Self.isDigit(bytes[position]) {
            position += 1
        }
        guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            position = start
            throw fault("a whole number")
        }
        return value
    }

    private mutating func readString() throws(Fault) -> String {
        try expect("\"")
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: content, as: UTF8.self) else { throw fault("valid UTF-8") }
                return string
            case UInt8(ascii: "\\"):
                content += try readEscape()
            case 0..<0x20:
                throw fault("a string without control characters")
            default:
                content.append(byte)
            }
        }
        throw fault("the end of a string")
    }

    private mutating func readEscape() throws(Fault) -> [UInt8] {
        guard position < bytes.count else { throw fault("an escaped character") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): break
        default: throw fault("an escaped character")
        }
        var units = [try readCodeUnit()]
        if UTF16.isLeadSurrogate(units[0]) {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw fault("the second half of a surrogate pair") }
            position += 2
            units.append(try readCodeUnit())
        }
        guard let string = String(validating: units, as: UTF16.self) else { throw fault("valid UTF-16") }
        return Array(string.utf8)
    }

    private mutating func readCodeUnit() throws(Fault) -> UInt16 {
        let digits = bytes[position..<min(position + 4, bytes.count)]
        guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits") }
        position += 4
        return unit
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
        guard accept(character) else { throw fault("'\(character)'") }
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private func fault(_ expected: String) -> Fault {
        Fault(message: "the header is not as expected at byte \(8 + position): \(expected) should be there")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

/// A name from a file as it is written in a message: in single quotes, without control characters, shortened
/// where it is very long.
func quoted(_ name: String) -> String {
    let visible = name.unicodeScalars.prefix(120).map { $0.properties.generalCategory == .control ? "?" : String($0) }
    return "'\(visible.joined())\(name.unicodeScalars.count > 120 ? "…" : "")'"
}
