import Foundation
import Tensors

/// What the system says about an output that cannot be written, as an error with what to do about it.
package enum OutputFault {
    /// The codes that mean that there is no room.
    private static let full: Set = [ENOSPC, EFBIG, EDQUOT]

    /// Whether a code of `errno` means that there is no room.
    static func isFull(_ code: Int32) -> Bool { full.contains(code) }

    /// What a code of `errno` means, in words.
    package static func words(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

    /// The error of an output called `name` for which something failed: `write` where nothing else is said.
    package static func error(_ name: String, _ doing: String = "write", code: Int32 = errno) -> BrushflowError {
        let remedy = isFull(code) ? "; free some disk space and run again" : ""
        return BrushflowError(.output, "\(name): cannot \(doing): \(words(code))\(remedy)")
    }
}
