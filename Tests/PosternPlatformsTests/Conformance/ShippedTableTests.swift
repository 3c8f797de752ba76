import FoundationEssentials
import PosternPlatforms
import Testing

/// Holds the table of what is shipped in `Platforms/README.md` to the definitions.
@Suite struct ShippedTableTests {
    private let rows: [[String]]

    init() throws {
        let page = try #require(FileManager.default.contents(atPath: "\(ShippedSample.folder)/README.md"))
        let lines = String(decoding: page, as: UTF8.self).split(separator: "\n")
        let heading = try #require(lines.firstIndex(of: "## What is shipped"))
        let section = lines[heading...].dropFirst().prefix { !$0.hasPrefix("## ") }
        self.rows = section.filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { cell in
                String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }
    }

    @Test func `names every platform once, in order`() throws {
        #expect(self.rows.map { $0[0] } == (try PlatformCatalog.load().all.map { "`\($0.name)`" }))
    }

    @Test func `tells whether the default proof covers the body, and how sure the definition is`() throws {
        for (row, platform) in zip(self.rows, try PlatformCatalog.load().all) {
            let covers = try #require(platform.schemes.first).bindsBody
            #expect(row.count == 5)
            #expect(row[3].hasPrefix(covers ? "yes" : "no"), "\(platform.name)")
            #expect(row[4] == platform.confidence.rawValue, "\(platform.name)")
        }
    }
}
