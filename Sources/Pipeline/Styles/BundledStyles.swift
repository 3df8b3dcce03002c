import CEmbedded
import Foundation
import NeuralNet

/// The learned styles that ship: one network with a style for each painting.
package enum BundledStyles {
    /// The network's file.
    ///
    /// - Throws: never, as far as the binary is whole.
    package static func file() throws -> SafetensorsFile {
        let file = bf_learned_styles()
        return try SafetensorsFile.read(
            bytes: Data(
                bytesNoCopy: UnsafeMutableRawPointer(mutating: file.bytes), count: file.count, deallocator: .none),
            name: "styles.safetensors")
    }
}
