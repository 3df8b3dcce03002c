// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "Brushflow",
    products: [
        .executable(name: "brushflow", targets: ["brushflow"]),
        .library(name: "Brushflow", targets: ["Brushflow"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CFFmpeg",
            pkgConfig: "libavformat",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswscale-dev", "libswresample-dev"])]
        ),
        .systemLibrary(
            name: "COpenBLAS",
            pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"])]
        ),
        .target(name: "CKernels"),
        .target(name: "CEmbedded", exclude: ["learned_styles.safetensors", "slim_encoder.safetensors", "report"]),
        .target(name: "Tensors", dependencies: ["CKernels", "COpenBLAS"], swiftSettings: strict),
        .target(name: "OpticalFlow", dependencies: ["Tensors", "CKernels"], swiftSettings: strict),
        .target(
            name: "NeuralNet",
            dependencies: ["Tensors", "CKernels", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: strict
        ),
        .target(
            name: "Stylization",
            dependencies: ["NeuralNet", "OpticalFlow", "Tensors", "CEmbedded"],
            swiftSettings: strict
        ),
        .target(
            name: "Measurement", dependencies: ["Stylization", "OpticalFlow", "Tensors"], swiftSettings: strict),
        .target(
            name: "Training", dependencies: ["Stylization", "NeuralNet", "OpticalFlow", "Tensors"],
            swiftSettings: strict),
        .target(name: "Media", dependencies: ["CFFmpeg", "CKernels", "Tensors"], swiftSettings: strict),
        .target(
            name: "Pipeline",
            dependencies: [
                "CEmbedded", "Measurement", "Media", "Training", "Stylization", "OpticalFlow", "NeuralNet", "Tensors",
                .product(name: "Logging", package: "swift-log"),
                "Yams",
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Brushflow", dependencies: ["Measurement", "Media", "Pipeline", "Tensors"], swiftSettings: strict),
        .executableTarget(
            name: "brushflow",
            dependencies: [
                "Brushflow",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/brushflow-cli",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "brushflow-bench",
            dependencies: [
                "Measurement", "Media", "Training", "Stylization", "NeuralNet", "OpticalFlow", "Tensors", "CKernels",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TensorsTests", dependencies: ["Tensors", "CKernels"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "OpticalFlowTests",
            dependencies: ["OpticalFlow", "Tensors", "CKernels"],
            exclude: ["Golden"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "NeuralNetTests", dependencies: ["NeuralNet", "Tensors", "CKernels"], exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "StylizationTests", dependencies: ["Stylization", "NeuralNet", "OpticalFlow", "Tensors"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "MeasurementTests", dependencies: ["Measurement", "OpticalFlow", "Tensors"], exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "TrainingTests", dependencies: ["Training", "Stylization", "NeuralNet", "OpticalFlow", "Tensors"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(name: "MediaTests", dependencies: ["Media", "Tensors", "CKernels"], swiftSettings: strict),
        .testTarget(
            name: "PipelineTests",
            dependencies: ["Pipeline", "Media", "Training", "Stylization", "NeuralNet", "Tensors"],
            swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", dependencies: ["CEmbedded"], swiftSettings: strict),
        .testTarget(name: "CommandTests", dependencies: ["brushflow"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu2x
)

// Fuzz targets, which only a compiler with sanitizers and coverage can build: see Scripts/fuzz.
if Context.environment["BRUSHFLOW_FUZZ_TARGETS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "brushflow-fuzz",
            dependencies: ["Pipeline", "Media", "Stylization", "NeuralNet", "OpticalFlow", "Tensors"],
            path: "Tests/Fuzz",
            exclude: ["Dictionaries", "Seeds"],
            swiftSettings: strict
        ))
}
