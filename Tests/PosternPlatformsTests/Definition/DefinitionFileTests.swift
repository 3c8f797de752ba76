import PosternPlatforms
import Testing

@Suite struct DefinitionFileTests {
    @Test func `keeps the line of every node`() throws {
        let root = try DefinitionFile.read("# comment\na: 1\nb:\n  - x\n  - y: z\n", name: "f.yaml")
        var fields = try root.fields("a file")
        #expect(try fields.require("a").line == 2)
        let items = try fields.require("b").list()
        #expect(items.map(\.line) == [4, 5])
        try fields.finish()
    }

    @Test(arguments: [
        ("", 0, "the file is empty"), ("a: [1", 2, "this is not YAML"), ("a: 1\nb: {", 3, "this is not YAML"),
        ("a: 1\n\tb: 2", 2, "this is not YAML"), ("a: 0\nb: &x 1\nc: *x\n", 3, "YAML aliases"),
        ("a: &x [1]\nb: [*x, 2]\n", 2, "YAML aliases"),
        ("a: &x [1]\nb:\n  - 1\n  - *x\n", 3, "YAML aliases"),
        ("? [a]\n: 1\n", 1, "name must be a text"),
        ("a: 1\nb: 2\na: 3\n", 1, "twice"),
    ])
    func `refuses what is no definition, with its line`(text: String, line: Int, reason: String) {
        let error = #expect(throws: DefinitionError.self) { try DefinitionFile.read(text, name: "f.yaml") }
        #expect(error?.file == "f.yaml")
        #expect(error?.line == line)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test func `refuses bottomless nesting`() {
        let text = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        let error = #expect(throws: DefinitionError.self) { try DefinitionFile.read(text, name: "f.yaml") }
        #expect(error?.reason == "nested deeper than 32 levels")
    }

    @Test(arguments: [
        ("a: 1", "1"), ("a: \"1\"", "1"), ("a: true", "true"), ("a: 0x10", "0x10"), ("a: ''", ""), ("a: \"~\"", "~"),
    ])
    func `gives scalars as they are written`(text: String, value: String) throws {
        var fields = try DefinitionFile.read(text, name: "f.yaml").fields("a file")
        #expect(try fields.require("a").text() == value)
    }

    @Test(arguments: ["a:", "a: ~", "a: null", "a: [x]", "a: {x: y}"])
    func `refuses nothing, lists and mappings for a text`(text: String) throws {
        var fields = try DefinitionFile.read(text, name: "f.yaml").fields("a file")
        let node = try fields.require("a")
        #expect(throws: DefinitionError.self) { try node.text() }
    }
}
