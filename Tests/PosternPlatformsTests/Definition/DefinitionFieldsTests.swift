import PosternPlatforms
import Testing

@Suite struct DefinitionFieldsTests {
    @Test func `refuses a field nobody knows and names those there are`() throws {
        var fields = try DefinitionFile.read("a: 1\ntypo: 2\nb: 3", name: "f.yaml").fields("a thing")
        _ = fields.take("a")
        _ = fields.take("b")
        _ = fields.take("c")
        let expected = DefinitionError(
            file: "f.yaml",
            line: 2,
            reason: "a thing has no field \"typo\"; it has: a, b, c"
        )
        #expect(throws: expected) { try fields.finish() }
    }

    @Test func `names a missing field`() throws {
        var fields = try DefinitionFile.read("\na: 1", name: "f.yaml").fields("a thing")
        let error = #expect(throws: DefinitionError.self) { try fields.require("b") }
        #expect(error?.description == "f.yaml:2: a thing needs the field \"b\"")
    }

    @Test(arguments: ["1", "[a]", "text"])
    func `asks for a mapping`(text: String) throws {
        let node = try DefinitionFile.read(text, name: "f.yaml")
        #expect(throws: DefinitionError.self) { try node.fields("a thing") }
    }

    @Test(arguments: [("0", false), ("1", true), ("5", true), ("6", false), ("x", false), ("1.0", false)])
    func `bounds numbers`(text: String, accepted: Bool) throws {
        let node = try DefinitionFile.read(text, name: "f.yaml")
        #expect((try? node.integer(in: 1...5)) == (accepted ? Int(text) : nil))
    }

    @Test(arguments: [("true", true), ("false", false), ("yes", nil), ("1", nil)] as [(String, Bool?)])
    func `reads truth values`(text: String, value: Bool?) throws {
        let node = try DefinitionFile.read(text, name: "f.yaml")
        #expect((try? node.boolean()) == value)
    }

    @Test func `takes one node for a list of one`() throws {
        #expect(try DefinitionFile.read("a", name: "f").oneOrMore().map { try $0.text() } == ["a"])
        #expect(try DefinitionFile.read("[a, b]", name: "f").oneOrMore().map { try $0.text() } == ["a", "b"])
        #expect(throws: DefinitionError.self) { try DefinitionFile.read("[]", name: "f").oneOrMore() }
    }
}
