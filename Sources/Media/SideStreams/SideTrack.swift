import CFFmpeg

/// One stream beside the video on its way from source to output.
protocol SideTrack: AnyObject {
    /// The source's stream.
    var sourceIndex: Int { get }
    /// Whether packets may be far apart, so that the track's silence says nothing (subtitles).
    var isSparse: Bool { get }
    /// Adds the output's stream; before the header.
    func declare(in output: OutputFormatHandle) throws
    /// Takes one source packet; the packet may be empty afterwards.
    func take(_ packet: PacketHandle, clock: SideClock, to output: OutputFormatHandle) throws
    /// Writes what is held back.
    func finish(clock: SideClock, to output: OutputFormatHandle) throws
    /// What went wrong in the track, as a sentence; asked after `finish`.
    var note: String? { get }
}
