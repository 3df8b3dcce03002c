import Tensors

/// Where the motion between a source's frames comes from.
package protocol MotionSource: AnyObject {
    /// The motion of the next frame into the one before it; nil on the first frame of a shot. Called once a frame.
    func motion(of image: PlanarImage, index: Int) throws -> MeasuredMotion?
    /// The motion of the frame last given into `earlier`, the frame `interval` before it in the same shot.
    func motion(of image: PlanarImage, into earlier: PlanarImage, interval: Int) throws -> MeasuredMotion
}
