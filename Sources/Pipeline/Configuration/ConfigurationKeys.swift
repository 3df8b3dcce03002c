/// The table of every key that a configuration file or `--set` may use.
package enum ConfigurationKeys {
    /// All keys in the order that they are documented in.
    package static let all: [ConfigurationKey] = stylize + style + network + temporal + flow + encode + run + limits

    private static let stylize: [ConfigurationKey] = [
        .optionalText(
            "stylize.encoder", \.encoderPath, allowed: "a .safetensors file",
            "The perceptual encoder; auto is the slim one inside the binary"),
        .steps(
            "stylize.steps", \.stylization.firstSteps,
            "Optimiser steps on the first frame of a shot, coarse level to fine; 0 passes all frames through unpainted"),
        .steps("stylize.nextSteps", \.stylization.nextSteps, "Optimiser steps on every other frame, coarse to fine"),
        .choice("stylize.optimizer", \.stylization.algorithm, "The method of descent"),
        .number("stylize.learningRate", \.stylization.learningRate, 1e-6...1, "Adam's step on a shot's first frame"),
        .number("stylize.nextLearningRate", \.stylization.nextLearningRate, 1e-6...1, "Adam's step on other frames"),
        .integer("stylize.history", \.stylization.history, 1...50, "Pairs that L-BFGS keeps"),
        .number(
            "stylize.tolerance", \.stylization.tolerance, 0...1,
            "A level ends once the loss fell by less than this part of itself over 10 steps; 0 never"),
        .choice("stylize.start", \.stylization.firstStart, "What a shot's first frame starts from"),
        .choice("stylize.nextStart", \.stylization.nextStart, "What other frames start from"),
        .number("stylize.content", \.stylization.contentWeight, 0...1e6, "Weight of the frame's content"),
        .optionalChoice(
            "stylize.engine", \.engine,
            "What paints: a network, or an optimiser; auto is the network, but the optimiser for a drawn style or a single picture"
        ),
        .number(
            "stylize.strength", \.stylization.strength, 0...1,
            "How far painting goes from the source: 0 is the source, 1 the painted frame"),
        .number("stylize.smoothness", \.stylization.totalVariationWeight, 0...1e6, "Weight of total variation"),
    ]

    private static let style: [ConfigurationKey] = [
        .number("style.weight", \.stylization.styleWeight, 0...1e6, "Weight of the painting's style"),
        .choice("style.statistics", \.stylization.statistics, "What is compared between picture and painting"),
        .number(
            "style.scale", \.stylization.styleScale, 0.1...4,
            "The painting's size against the frame's: smaller values make smaller strokes"),
    ]

    private static let network: [ConfigurationKey] = [
        .optionalChoice(
            "network.inputRange", \.network.inputRange,
            "What numbers an ONNX network takes; auto reads it from its graph, or finds it by a trial"),
        .integer("network.style", \.network.style, 0...4095, "Which of the styles that a style network holds"),
        .choice("network.blend", \.network.blend, "How several styles are blended"),
        .choice(
            "network.precision", \.network.precision,
            "What a learned network multiplies: auto is bfloat16 or 16-bit integers where the processor is faster at them (AMX; AVX2), else float"
        ),
    ]

    private static let temporal: [ConfigurationKey] = [
        .number(
            "temporal.weight", \.stylization.temporalWeight, 0...1e6,
            "Weight of agreement with the previous painted frame, warped; 0 is off, and a seven-channel network knows only on and off"
        ),
        .choice("temporal.interpolation", \.stylization.interpolation, "How the previous painted frame is sampled"),
        .integer(
            "temporal.warmUp", \.run.warmUpFrames, 0...1000,
            "Frames painted before a segment that starts within a shot, to warm up the temporal state"),
    ]

    private static let flow: [ConfigurationKey] = [
        .optionalChoice(
            "flow.preset", \.flowPreset,
            "How thoroughly optical flow is estimated; auto is steady where a recurrent network paints, else medium"),
        .choice(
            "flow.scale", \.flowScale,
            "What the frame's size is divided by for the flow, which is then enlarged along edges; auto is 1 up to 2560×1440"
        ),
        .number(
            "flow.sceneCut", \.sceneCutThreshold, 0...1,
            "A shot may begin where the frame before leaves more than this share of a frame's structure unexplained; 1 never"
        ),
    ]

    private static let encode: [ConfigurationKey] = [
        .optionalChoice("encode.codec", \.encode.codec, "The video codec; auto is h264, or vp9 in webm"),
        .optionalNumber("encode.crf", \.encode.crf, 0...63, "The constant rate factor: less is better and larger"),
        .optionalText(
            "encode.preset", \.encode.preset, allowed: "a word the codec knows",
            "The encoder's preset; auto is a quick one for h264 where a recurrent network paints, else the codec's medium"
        ),
        .optionalChoice("encode.bitDepth", \.encode.bitDepth, "Bits a sample"),
        .integer("encode.threads", \.encode.threads, 1...64, "The encoder's own threads"),
        .integer(
            "encode.chunkFrames", \.encode.chunkFrames, 1...100_000,
            "A stop costs fewer painted frames than this (from 8 on): the encoder is reopened four frames earlier, for those on their way"
        ),
    ]

    private static let run: [ConfigurationKey] = [
        .choice("run.mode", \.run.mode, "Whether the stages run side by side; the frames are the same"),
        .integer(
            "run.queueDepth", \.run.queueDepth, 1...64,
            "Frames that each queue between stages holds, but two at most before the encoder of a run that can go on"),
    ]

    private static let limits: [ConfigurationKey] = [
        .integer("limits.pixels", \.run.maximumPixels, 1...1 << 28, "The largest frame that is taken, in pixels"),
        .integer("limits.frames", \.run.maximumFrames, 1...1 << 40, "The most frames that an input may have"),
        .integer(
            "limits.tensorBytes", \.run.maximumTensorBytes, 1 << 10...1 << 36,
            "The most bytes of a file of weights; an ONNX file may have a quarter of them, and its activations eight times as many"
        ),
        .integer(
            "limits.damagedPackets", \.run.maximumDamagedPackets, 0...1_000_000,
            "Damaged packets that are skipped before a run gives up"),
    ]
}
