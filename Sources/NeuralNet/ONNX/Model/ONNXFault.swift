/// What is wrong with an ONNX model, to be completed with the file's name.
struct ONNXFault: Error, Equatable {
    let message: String

    init(_ message: String) { self.message = message }
}
