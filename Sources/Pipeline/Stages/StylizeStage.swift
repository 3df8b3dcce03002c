import Logging
import OpticalFlow
import Stylization
import Tensors

/// Paints each frame under the temporal constraint. The previous painted frame is this stage's own state.
package final class StylizeStage: Stage {
    package let name = "stylize"
    private let painter: any Painter
    private let keepsSource: Bool
    private let logger: Logger

    /// Makes a stage around a painter, which nothing else may use.
    ///
    /// - Parameter keepsSource: whether a later stage needs the picture that each frame was painted from.
    package init(_ painter: any Painter, keepsSource: Bool, logger: Logger) {
        self.keepsSource = keepsSource
        self.painter = painter
        self.logger = logger
    }

    package func process(_ input: FlowedFrame, emit: (PaintedFrame) throws -> Void) throws {
        if input.startsShot { logger.debug("a shot begins", metadata: ["pts": "\(input.frame.label.pts)"]) }
        let flowed = FlowedImage(image: input.frame.image, motion: input.motion)
        let image: PlanarImage
        do {
            image = try painter.paint(flowed)
        } catch is CancellationError {
            throw PipelineEnd.cancelled
        }
        logger.debug("painted", metadata: ["pts": "\(input.frame.label.pts)"])
        try emit(
            PaintedFrame(
                label: input.frame.label, image: image, source: keepsSource ? input.frame.image : nil,
                startsShot: input.startsShot,
                memory: input.memory.map { PaintingMemory(flow: $0, painted: painter.memory, notes: painter.notes) }))
    }
}
