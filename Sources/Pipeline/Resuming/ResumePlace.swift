import Tensors

/// How far a source's frames were done.
struct ResumePlace {
    /// The frames that are done, at least 1.
    let frames: Int
    /// The time stamp of the last of them.
    let pts: Int64
    /// Whether everything up to it was clean (see `FrameLabel.isClean`).
    let isClean: Bool
    /// Its luma, `[H, W]`, 0…255, where it is known.
    let luma: Tensor?
}
