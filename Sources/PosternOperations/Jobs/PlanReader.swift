internal import PosternJSON
internal import PosternModel

/// Reads the members of a job's plan.
struct PlanReader {
    private let root: JSONValue

    /// Opens a plan.
    init(_ bytes: [UInt8]) throws(JobWorkError) {
        do throws(JSONError) {
            self.root = try JSONDocument(bytes: bytes).root
        } catch {
            throw .malformed
        }
        if self.root.kind != .object { throw .malformed }
    }

    /// A text; `nil` when there is none.
    func text(_ name: String) throws(JobWorkError) -> String? {
        guard let value = self.root.member(name) else { return nil }
        guard let text = value.text else { throw .invalid(name) }
        return text
    }

    /// A text that must be there.
    func requiredText(_ name: String) throws(JobWorkError) -> String {
        guard let text = try self.text(name) else { throw .missing(name) }
        return text
    }

    /// A list of texts that must be there.
    func words(_ name: String) throws(JobWorkError) -> [String] {
        guard let value = self.root.member(name) else { throw .missing(name) }
        if value.kind != .array { throw .invalid(name) }
        var words: [String] = []
        for element in value.elements {
            guard let text = element.text else { throw .invalid(name) }
            words.append(text)
        }
        return words
    }

    /// An identifier; `nil` when there is none.
    func uniqueID(_ name: String) throws(JobWorkError) -> UniqueID? {
        guard let text = try self.text(name) else { return nil }
        guard let id = UniqueID(text) else { throw .invalid(name) }
        return id
    }

    /// A typed identifier; `nil` when there is none.
    func id<ID: TypedIdentifier>(_ name: String) throws(JobWorkError) -> ID? { try self.uniqueID(name).map { ID($0) } }

    /// A typed identifier that must be there.
    func requiredID<ID: TypedIdentifier>(_ name: String) throws(JobWorkError) -> ID {
        guard let id: ID = try self.id(name) else { throw .missing(name) }
        return id
    }

    /// A time; `nil` when there is none.
    func time(_ name: String) throws(JobWorkError) -> Timestamp? {
        guard let text = try self.text(name) else { return nil }
        guard let time = Timestamp(iso8601: text) else { throw .invalid(name) }
        return time
    }

    /// A whole number; `nil` when there is none.
    func integer(_ name: String) throws(JobWorkError) -> Int64? {
        guard let value = self.root.member(name) else { return nil }
        guard let number = value.integer else { throw .invalid(name) }
        return number
    }
}
