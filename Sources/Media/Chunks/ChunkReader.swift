import CFFmpeg
import Foundation
import Tensors

/// Reads the file of a chunk and checks it against what is known of it.
struct ChunkReader {
    /// One thing in it.
    enum Item {
        case frame(pts: Int64, duration: Int64?)
        case packet(PacketHandle, frame: Int)
    }

    private let file: FileHandle
    private let name: String
    private let contents: ChunkContents
    private var buffer = Data()
    private var bytesRead = 0
    private var digest = ContentDigest()
    private static let piece = 1 << 18

    /// Takes over a descriptor that is open for reading; `name` is what messages call the file.
    ///
    /// - Throws: `.content` where it is not the chunk that `contents` describes, as far as its beginning says.
    init(descriptor: Int32, name: String, contents: ChunkContents, parameterSets: [UInt8]) throws {
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        self.name = name
        self.contents = contents
        guard try Array(take(ChunkFormat.magic.count)) == ChunkFormat.magic else { throw damaged("is no chunk") }
        let length = Int(try integer(UInt32.self))
        guard length == parameterSets.count, try Array(take(length)) == parameterSets else {
            throw damaged("was encoded otherwise")
        }
    }

    /// The next item, or nil at the end.
    ///
    /// - Throws: `.content` where the file is damaged; `.input` where it cannot be read.
    mutating func next() throws -> Item? {
        switch ChunkFormat.Record(rawValue: try integer(UInt8.self)) {
        case .frame:
            let (pts, duration) = (try integer(Int64.self), try integer(Int64.self))
            guard (contents.firstPts...contents.lastPts).contains(pts), duration < 1 << 58 else {
                throw damaged("has a frame too many")
            }
            return .frame(pts: pts, duration: duration < 0 ? nil : duration)
        case .packet:
            let frame = Int(try integer(UInt32.self))
            let flags = Int32(bitPattern: try integer(UInt32.self))
            let size = Int(try integer(UInt32.self))
            guard size <= ChunkFormat.greatestPacket, frame < contents.frames else {
                throw damaged("has a wrong packet")
            }
            let bytes = try take(size)
            let packet = try PacketHandle()
            guard av_new_packet(packet.pointer, Int32(size)) >= 0 else { throw LibavError.outOfMemory("av_new_packet") }
            if size > 0 { bytes.copyBytes(to: packet.pointer.pointee.data, count: size) }
            packet.pointer.pointee.flags = flags
            return .packet(packet, frame: frame)
        case .end:
            guard Int(try integer(UInt32.self)) == contents.frames, bytesRead == contents.bytes,
                digest.text == contents.digest
            else { throw damaged("is not what was written") }
            return nil
        case nil:
            throw damaged("has a record of no kind")
        }
    }

    private mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        try take(MemoryLayout<Value>.size).withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
    }

    private mutating func take(_ count: Int) throws -> Data {
        guard count <= contents.bytes - bytesRead else { throw damaged("is too short") }
        while buffer.count < count {
            let piece: Data?
            do {
                piece = try file.read(upToCount: max(Self.piece, count - buffer.count))
            } catch {
                throw BrushflowError(.input, "\(name): cannot be read: \(error.localizedDescription)")
            }
            guard let piece, !piece.isEmpty else { throw damaged("is too short") }
            buffer = buffer.isEmpty ? piece : buffer + piece
        }
        let bytes = buffer.prefix(count)
        buffer = buffer.dropFirst(count)
        bytesRead += count
        bytes.withUnsafeBytes { digest.add($0) }
        return bytes
    }

    private func damaged(_ what: String) -> BrushflowError {
        BrushflowError(.content, "\(name): is damaged: it \(what); give --restart to begin anew")
    }
}
