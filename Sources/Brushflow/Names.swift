import Measurement
import Media
import Pipeline
import Tensors

// The public names of Brushflow, so that `import Brushflow` is all that a program needs.

/// See `Tensors.BrushflowError`.
public typealias BrushflowError = Tensors.BrushflowError
/// See `Media.MediaSegment`.
public typealias MediaSegment = Media.MediaSegment
/// See `Media.Rational`.
public typealias Rational = Media.Rational
/// See `Pipeline.BenchJob`.
public typealias BenchJob = Pipeline.BenchJob
/// See `Pipeline.CancellationToken`.
public typealias CancellationToken = Pipeline.CancellationToken
/// See `Pipeline.Configuration`.
public typealias Configuration = Pipeline.Configuration
/// See `Pipeline.Diagnostics`.
public typealias Diagnostics = Pipeline.Diagnostics
/// See `Pipeline.EncoderFigures`.
public typealias EncoderFigures = Pipeline.EncoderFigures
/// See `Pipeline.EncoderLearnJob`.
public typealias EncoderLearnJob = Pipeline.EncoderLearnJob
/// See `Pipeline.EncoderLearnRequest`.
public typealias EncoderLearnRequest = Pipeline.EncoderLearnRequest
/// See `Pipeline.EncoderLearnSummary`.
public typealias EncoderLearnSummary = Pipeline.EncoderLearnSummary
/// See `Pipeline.FittingJob`.
public typealias FittingJob = Pipeline.FittingJob
/// See `Pipeline.FlowJob`.
public typealias FlowJob = Pipeline.FlowJob
/// See `Pipeline.InspectJob`.
public typealias InspectJob = Pipeline.InspectJob
/// See `Pipeline.FigureRow`.
public typealias FigureRow = Pipeline.FigureRow
/// See `Measurement.ClipFigures`.
public typealias ClipFigures = Measurement.ClipFigures
/// See `Measurement.Finding`.
public typealias Finding = Measurement.Finding
/// See `Measurement.FrameFigures`.
public typealias FrameFigures = Measurement.FrameFigures
/// See `Measurement.IntervalFigures`.
public typealias IntervalFigures = Measurement.IntervalFigures
/// See `Measurement.ShotTrend`.
public typealias ShotTrend = Measurement.ShotTrend
/// See `Measurement.Slip`.
public typealias Slip = Measurement.Slip
/// See `Measurement.Verdict`.
public typealias Verdict = Measurement.Verdict
/// See `Pipeline.LearnJob`.
public typealias LearnJob = Pipeline.LearnJob
/// See `Pipeline.LearnRequest`.
public typealias LearnRequest = Pipeline.LearnRequest
/// See `Pipeline.LearnStyle`.
public typealias LearnStyle = Pipeline.LearnStyle
/// See `Pipeline.LearnSummary`.
public typealias LearnSummary = Pipeline.LearnSummary
/// See `Pipeline.MeasureJob`.
public typealias MeasureJob = Pipeline.MeasureJob
/// See `Pipeline.MeasureRequest`.
public typealias MeasureRequest = Pipeline.MeasureRequest
/// See `Pipeline.MeasureSummary`.
public typealias MeasureSummary = Pipeline.MeasureSummary
/// See `Pipeline.RunEstimate`.
public typealias RunEstimate = Pipeline.RunEstimate
/// See `Pipeline.RunMonitor`.
public typealias RunMonitor = Pipeline.RunMonitor
/// See `Pipeline.RunPlan`.
public typealias RunPlan = Pipeline.RunPlan
/// See `Pipeline.RunStatus`.
public typealias RunStatus = Pipeline.RunStatus
/// See `Pipeline.RunSummary`.
public typealias RunSummary = Pipeline.RunSummary
/// See `Pipeline.StyleCatalogue`.
public typealias StyleCatalogue = Pipeline.StyleCatalogue
/// See `Pipeline.StyleCredit`.
public typealias StyleCredit = Pipeline.StyleCredit
/// See `Pipeline.StyleMixture`.
public typealias StyleMixture = Pipeline.StyleMixture
/// See `Pipeline.StylePreviewJob`.
public typealias StylePreviewJob = Pipeline.StylePreviewJob
/// See `Pipeline.StylizeJob`.
public typealias StylizeJob = Pipeline.StylizeJob
/// See `Pipeline.StylizeRequest`.
public typealias StylizeRequest = Pipeline.StylizeRequest
