import CFFmpeg

/// How libav's and our own memory is taken from the system.
package enum HeapPolicy {
    /// Has blocks from 64 KiB on mapped and unmapped one by one, for the whole process.
    package static func mapLargeBlocks() { bf_map_large_blocks() }
}
