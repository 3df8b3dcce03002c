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
/// See `Pipeline.CancellationToken`.
public typealias CancellationToken = Pipeline.CancellationToken
/// See `Pipeline.Configuration`.
public typealias Configuration = Pipeline.Configuration
/// See `Pipeline.Diagnostics`.
public typealias Diagnostics = Pipeline.Diagnostics
/// See `Pipeline.FlowJob`.
public typealias FlowJob = Pipeline.FlowJob
/// See `Pipeline.InspectJob`.
public typealias InspectJob = Pipeline.InspectJob
/// See `Pipeline.RunEstimate`.
public typealias RunEstimate = Pipeline.RunEstimate
/// See `Pipeline.RunMonitor`.
public typealias RunMonitor = Pipeline.RunMonitor
/// See `Pipeline.RunPlan`.
public typealias RunPlan = Pipeline.RunPlan
/// See `Pipeline.RunSummary`.
public typealias RunSummary = Pipeline.RunSummary
/// See `Pipeline.StyleCatalogue`.
public typealias StyleCatalogue = Pipeline.StyleCatalogue
/// See `Pipeline.StylizeJob`.
public typealias StylizeJob = Pipeline.StylizeJob
/// See `Pipeline.StylizeRequest`.
public typealias StylizeRequest = Pipeline.StylizeRequest
