import Foundation
import Pipeline
import Tensors
import Testing

@Suite struct FittedStyleCacheTests {
    @Test func theDirectoryIsWhereTheSpecificationHasIt() {
        func directory(_ environment: [String: String]) -> String {
            FittedStyleCache(environment: environment).directory
        }
        #expect(directory(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/brushflow")
        #expect(directory(["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/brushflow")
        #expect(directory(["XDG_CACHE_HOME": "", "HOME": "/h"]) == "/h/.cache/brushflow")
        #expect(directory(["HOME": "/h"]) == "/h/.cache/brushflow")
    }

    /// A file is found by its key as long as it is whole; what fails while it is made leaves nothing.
    @Test func whatIsWholeIsFound() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-kept-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let cache = FittedStyleCache(environment: ["XDG_CACHE_HOME": root.path])
        #expect(cache.find("a").path == nil)
        let left = cache.directory + "/.learning-abc123"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: left)
        let kept = try cache.keep("a") { path in
            try Data("network".utf8).write(to: URL(fileURLWithPath: path))
            return 3
        }
        #expect(kept.result == 3 && cache.find("a") == (kept.path, 0) && cache.find("b").path == nil)
        #expect(throws: BrushflowError(.interrupted, "x")) {
            try cache.keep("b") { _ in throw BrushflowError(.interrupted, "x") }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: cache.directory)
        #expect(names.count == 1)
        try Data("netwirk".utf8).write(to: URL(fileURLWithPath: kept.path))
        #expect(cache.find("a") == (nil, 1) && cache.find("a") == (nil, 0))
    }
}
