import NeuralNet
import Tensors

/// The pictures that are being optimised while an encoder is trained, each in its slot.
struct OptimizedPictures: Sendable {
    private var slots: [OptimizedPicture?]
    private let side: Int

    private static let names = ["image", "content", "painting", "means", "squares"]
    private static let prefix = "optimized."

    /// Empty slots for pictures of `side`×`side`.
    init(slots: Int, side: Int) {
        self.slots = [OptimizedPicture?](repeating: nil, count: slots)
        self.side = side
    }

    /// The picture of a slot.
    subscript(slot: Int) -> OptimizedPicture? {
        get { slots[slot] }
        set { slots[slot] = newValue }
    }

    /// All pictures with what their optimisers remember; an empty slot has a style weight of 0.
    var state: [String: Tensor] {
        get {
            var state: [String: Tensor] = [:]
            for (index, name) in Self.names.enumerated() {
                state[Self.prefix + name] = Tensor(
                    [slots.count, 3, side, side],
                    slots.flatMap { slot -> [Float] in
                        let parts = slot.map {
                            [$0.image, $0.content, $0.painting, $0.memory?.means, $0.memory?.squares]
                        }
                        return parts?[index]?.values ?? [Float](repeating: 0, count: 3 * side * side)
                    })
            }
            state[Self.prefix + "settings"] = Tensor(
                [slots.count, 3],
                slots.flatMap { slot -> [Float] in
                    guard let slot else { return [0, 0, 0] }
                    return [Float(slot.styleWeight), Float(slot.variationWeight), Float(slot.memory?.steps ?? 0)]
                })
            return state
        }
        set {
            let size = 3 * side * side
            let stacks = Self.names.map { newValue[Self.prefix + $0]?.values ?? [] }
            let settings = newValue[Self.prefix + "settings"]?.values ?? []
            precondition(
                stacks.allSatisfy { $0.count == slots.count * size } && settings.count == 3 * slots.count,
                "a state of \(newValue.keys.sorted())")
            for slot in slots.indices {
                let setting = settings[3 * slot..<3 * slot + 3].map(Double.init)
                guard setting[0] > 0 else {
                    slots[slot] = nil
                    continue
                }
                let parts = stacks.map { Tensor([3, side, side], Array($0[slot * size..<(slot + 1) * size])) }
                var picture = OptimizedPicture(
                    image: parts[0], content: parts[1], painting: parts[2], styleWeight: setting[0],
                    variationWeight: max(0, setting[1]))
                picture.memory = Adam.Memory(
                    means: parts[3], squares: parts[4], steps: Int(min(max(setting[2], 0), 0x1p24)))
                slots[slot] = picture
            }
        }
    }
}
