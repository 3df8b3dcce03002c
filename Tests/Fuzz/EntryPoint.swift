import Foundation
import Tensors

/// What is fuzzed, named by `--target=NAME`.
private let target: FuzzTarget = {
    let prefix = "--target="
    let name = CommandLine.arguments.last { $0.hasPrefix(prefix) }?.dropFirst(prefix.count) ?? ""
    guard let target = FuzzTarget(rawValue: String(name)) else {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
        FileHandle.standardError.write(Data("brushflow-fuzz: give --target=NAME, one of: \(names)\n".utf8))
        exit(64)
    }
    return target
}()

/// Called by libFuzzer, whose `main` this program has, before all else. With `--unpack=DIRECTORY` the networks in the
/// tests' files of cases become files there, to begin with.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _: UnsafeMutablePointer<CInt>, _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>>>
) -> CInt {
    let prefix = "--unpack="
    if let directory = CommandLine.arguments.last(where: { $0.hasPrefix(prefix) })?.dropFirst(prefix.count) {
        do {
            try GoldenNetworks.unpack(
                CommandLine.arguments.filter { $0.hasSuffix(".cases") }, into: String(directory))
            exit(0)
        } catch {
            FileHandle.standardError.write(Data("brushflow-fuzz: \(error)\n".utf8))
            exit(66)
        }
    }
    _ = target
    return 0
}

/// Called by libFuzzer with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func runOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let data = bytes.map { Data(bytes: $0, count: count) } ?? Data()
    do {
        try target.run(data)
    } catch let error as BrushflowError {
        // Whatever a file holds is the file's fault, and the message says which file's.
        guard [.content, .usage].contains(error.kind), error.message.contains(FuzzTarget.fileName) else {
            stop("an error of kind \(error.kind): \(error.message)")
        }
    } catch {
        stop("no BrushflowError: \(error)")
    }
    return 0
}

/// Says what is wrong, which a release build's `preconditionFailure` does not, and lets libFuzzer keep the input.
private func stop(_ fault: String) -> Never {
    FileHandle.standardError.write(Data("brushflow-fuzz: \(fault)\n".utf8))
    abort()
}
