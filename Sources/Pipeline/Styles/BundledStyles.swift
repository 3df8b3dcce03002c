import CEmbedded
import Foundation
import NeuralNet

/// The learned styles that ship: one network with a style for each painting.
package enum BundledStyles {
    /// The network's file.
    ///
    /// - Throws: never, as far as the binary is whole.
    package static func file() throws -> SafetensorsFile {
        try SafetensorsFile.read(bytes: bytes, name: "styles.safetensors")
    }

    /// The file's bytes.
    static var bytes: Data {
        let file = bf_learned_styles()
        return Data(
            bytesNoCopy: UnsafeMutableRawPointer(mutating: file.bytes), count: file.count, deallocator: .none)
    }
}
