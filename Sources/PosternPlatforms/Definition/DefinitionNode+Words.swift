internal import PosternModel

extension DefinitionNode {
    /// A text with references in braces.
    func template() throws(DefinitionError) -> Template {
        let text = try self.text()
        do throws(ReferenceError) {
            return try Template(text)
        } catch {
            throw self.error(error.reason)
        }
    }

    /// A text in template notation that stands for itself: `{{` is a brace.
    func literal() throws(DefinitionError) -> String {
        guard let literal = try self.template().literal else {
            throw self.error("here belongs a fixed text without references; write {{ for a brace")
        }
        return literal
    }

    /// The name of a header.
    ///
    /// Source: RFC 9110, section 5.6.2 (token).
    func headerName() throws(DefinitionError) -> String {
        let text = try self.text()
        guard !text.isEmpty, text.utf8.allSatisfy(\.isTokenASCII) else {
            throw self.error("\"\(text)\" is not the name of a header")
        }
        return text
    }

    /// A text for a header's value: printable ASCII.
    func headerValue() throws(DefinitionError) -> String {
        let text = try self.text()
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw self.error("a header's value is printable ASCII")
        }
        return text
    }

    /// One ASCII character.
    func character() throws(DefinitionError) -> UInt8 {
        let text = try self.text()
        guard text.utf8.count == 1, let byte = text.utf8.first, (0x20...0x7E).contains(byte) else {
            throw self.error("here belongs one ASCII character, not \"\(text)\"")
        }
        return byte
    }

    /// A name made of `a-z`, `0-9` and `_`, beginning with a letter.
    static func isWord(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.count <= 48
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
