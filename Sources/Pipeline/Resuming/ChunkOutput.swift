import Media

/// Where the frames of chunks go.
package protocol ChunkOutput: AnyObject {
    /// Begins the chunk of a number.
    func begin(_ number: Int) throws

    /// Takes the chunk's next frame.
    func write(_ frame: PaintedFrame) throws

    /// Ends the chunk, which is on the disk then.
    func end() throws -> ChunkContents

    /// Removes what there is of the chunk that was begun.
    func abandon()
}
