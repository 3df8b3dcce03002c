import Foundation
import Tensors

/// Writes bytes to an open file through a buffer and keeps their digest. Closes the file when it goes.
package final class DescriptorWriter {
    /// The bytes taken so far.
    package private(set) var count = 0
    /// The digest of the bytes taken so far.
    package private(set) var digest = ContentDigest()

    private let name: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 18

    /// Takes over a descriptor that is open for writing; `name` is what messages call the file.
    package init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit { close() }

    /// Takes bytes.
    ///
    /// - Throws: `.output`, on a full disk for example.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        count += bytes.count
        digest.add(bytes)
        if buffer.count + bytes.count > Self.bufferSize { try drain() }
        if bytes.count >= Self.bufferSize {
            try Self.write(bytes, to: descriptor, name: name)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    /// Takes an integer, little-endian.
    package func append(_ value: some FixedWidthInteger) throws {
        try withUnsafeBytes(of: value.littleEndian) { try append($0) }
    }

    /// Brings everything to the disk and closes the file.
    ///
    /// - Throws: `.output`.
    package func finish() throws {
        try drain()
        guard fsync(descriptor) == 0 else { throw OutputFault.error(name) }
        close()
    }

    /// Closes the file as it is.
    package func close() {
        guard descriptor >= 0 else { return }
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    private func drain() throws {
        try buffer.withUnsafeBytes { try Self.write($0, to: descriptor, name: name) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes all bytes to an open file.
    ///
    /// - Throws: `.output`.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, name: String) throws {
        var rest = bytes
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw OutputFault.error(name) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }
}
