import Foundation
import PosternStore
import PosternTesting
import Testing

@Suite struct MigrationTests {
    @Test func `embeds every file of the folder, byte for byte and in order`() throws {
        let folder = try RepositoryRoot.path() + "/Sources/PosternStore/Migrations"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sql") }.sorted()
        let embedded = try Migration.embedded()
        #expect(embedded.map { "\($0.name).sql" } == files)
        #expect(embedded.map(\.number) == Array(1...Int32(files.count)))
        for migration in embedded {
            let file = try String(contentsOfFile: "\(folder)/\(migration.name).sql", encoding: .utf8)
            #expect(migration.sql == file)
        }
    }

    @Test func `names the digest of the contents`() throws {
        // FIPS 180-2, appendix B.1: SHA-256 of "abc".
        let migration = try Migration(name: "0042_answer", contents: Array("abc".utf8))
        #expect(migration.number == 42)
        #expect(migration.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(arguments: ["", "0001", "0001_", "001_short", "00001_long", "0000_zero", "a001_word", "0001-word", "word"])
    func `refuses a name that is not four digits and a word`(name: String) {
        #expect(throws: MigrationError.malformedName(name)) { try Migration(name: name, contents: []) }
    }

    @Test(arguments: [([1, 3], 1, 3), ([2], 0, 2), ([1, 1], 1, 1), ([1, 2, 1], 2, 1)] as [([Int32], Int32, Int32)])
    func `refuses numbers that do not count`(numbers: [Int32], after: Int32, found: Int32) throws {
        let migrations = try numbers.map { try Migration(name: "000\($0)_x", contents: []) }
        #expect(throws: MigrationError.gap(after: after, found: found)) { try Migration.checkOrder(migrations) }
    }
}
