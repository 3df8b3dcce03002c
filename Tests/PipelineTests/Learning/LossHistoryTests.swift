import Pipeline
import Tensors
import Testing

@Suite struct LossHistoryTests {
    @Test func aHistoryIsWrittenAndTakenUp() {
        var history = LossHistory(names: ["total", "style"])
        history.append([1.5, 1])
        history.append([0.75, 0.5])
        #expect(history.csv == "step,total,style\n1,1.5,1.0\n2,0.75,0.5\n")
        #expect(LossHistory(names: history.names, tensor: history.tensor) == history)
        #expect(LossHistory(names: history.names).csv == "step,total,style\n")
    }

    /// The picture has a line for every loss, falling from left to right, and survives odd values.
    @Test func theCurveShowsEveryLoss() throws {
        var history = LossHistory(names: ["total", "a < b", "nothing"])
        for step in 0..<1000 { history.append([10 / Float(step + 1), step == 3 ? .nan : 0.5, 0]) }
        let svg = LossCurve(history, title: "x & y").svg
        #expect(svg.contains("x &amp; y") && svg.contains("a &lt; b") && !svg.contains("nothing"))
        #expect(!svg.contains("nan") && !svg.contains("inf"))
        let path = try #require(svg.firstMatch(of: /d="M([0-9.]+) ([0-9.]+)L[^"]*L([0-9.]+) ([0-9.]+)" fill/))
        let (left, top) = (Double(path.1) ?? 0, Double(path.2) ?? 0)
        let (right, bottom) = (Double(path.3) ?? 0, Double(path.4) ?? 0)
        #expect(left < 70 && right > 730 && top < bottom)
        for count in [0, 1] {
            var short = LossHistory(names: ["total"])
            for _ in 0..<count { short.append([2]) }
            #expect(LossCurve(short, title: "").svg.hasSuffix("</svg>\n"))
        }
    }
}
