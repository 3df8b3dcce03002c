import Measurement

/// Measures the frames, and shows them to the report where one is made.
final class MeasuringSink: Sink {
    let name = "measure"
    /// The figures after the last frame.
    private(set) var figures: ClipFigures?
    private let measurer: ClipMeasurer
    private let pictures: ReportPictures?
    private let monitor: RunMonitor

    init(_ measurer: ClipMeasurer, pictures: ReportPictures?, monitor: RunMonitor) {
        self.measurer = measurer
        self.pictures = pictures
        self.monitor = monitor
    }

    func accept(_ input: MeasureStep) throws {
        switch input {
        case .frames(let frames):
            let outcome = try measurer.add(frames)
            try pictures?.add(frames, outcome)
            monitor.count()
        case .surplus(let image):
            measurer.add(surplusSource: image)
        }
    }

    func finish() throws {
        figures = measurer.finish()
        try pictures?.finish()
    }
}
