/// Passes frames on unpainted: what `stylize.steps=0` asks for.
package final class PassThroughStage: Stage {
    package let name = "pass"

    package init() {}

    package func process(_ input: SourceFrame, emit: (PaintedFrame) throws -> Void) throws {
        try emit(PaintedFrame(label: input.label, image: input.image, source: input.image, startsShot: false))
    }
}
