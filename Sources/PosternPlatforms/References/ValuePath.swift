/// A path to one value of a request (`body.entry[0].id`, `header:X-Id`) or, in `each:`, to several.
///
/// Read once when a definition is loaded; evaluated for each request or event without looking at the text again.
package struct ValuePath: Hashable, Sendable, CustomStringConvertible {
    /// Where a path starts.
    indirect enum Root: Hashable, Sendable {
        case body
        case binding(Int)
        case parsed(ValuePath)
        case header(String)
        case query(String)
        case form(String)
        case parameter(String)
        case method
        case url
        case timestamp
        case deliveryID
    }

    /// One step from a JSON value to a value inside it.
    enum Step: Hashable, Sendable {
        case member([UInt8])
        case element(Int)
        case eachElement
        case eachMember(prefix: String, suffix: String)
    }

    /// The first words that `as:` may not bind, because they mean something else.
    package static let reservedNames: Set<String> = [
        "body", "delivery", "form", "header", "method", "name", "parameter", "parse", "query", "timestamp", "url",
    ]

    let root: Root
    let steps: [Step]
    /// The path as it was written.
    package let description: String

    init(root: Root, steps: [Step], description: String) {
        self.root = root
        self.steps = steps
        self.description = description
    }

    /// Whether evaluating needs the scope's body: the body need only be read as JSON when something does.
    package var readsBody: Bool {
        switch self.root {
        case .body, .binding: true
        case .parsed(let path): path.readsBody
        case .header, .query, .form, .parameter, .method, .url, .timestamp, .deliveryID: false
        }
    }

    /// Whether the path has a `[]` or `*` step.
    package var iterates: Bool {
        self.steps.contains { step in
            switch step {
            case .eachElement, .eachMember: true
            case .member, .element: false
            }
        }
    }

    /// The header this path reads, if it reads one.
    package var headerName: String? {
        switch self.root {
        case .header(let name): name
        case .parsed(let path): path.headerName
        case .body, .binding, .query, .form, .parameter, .method, .url, .timestamp, .deliveryID: nil
        }
    }

    /// The endpoint setting this path reads, if it reads one.
    package var parameterName: String? {
        switch self.root {
        case .parameter(let name): name
        case .parsed(let path): path.parameterName
        case .body, .binding, .query, .form, .header, .method, .url, .timestamp, .deliveryID: nil
        }
    }
}
