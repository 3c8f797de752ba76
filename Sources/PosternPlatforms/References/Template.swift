/// Text with references in braces: `{body.object}.{change.field}`, `{sha256({body.id}|{body.time})}`.
package struct Template: Hashable, Sendable, CustomStringConvertible {
    /// One piece of a template.
    indirect enum Part: Hashable, Sendable {
        /// Text that stands for itself.
        case literal(String)
        /// The text at a path.
        case path(ValuePath)
        /// The HMAC of the text at a path, by the newest signing secret.
        case hmac(ValuePath, TextEncoding)
        /// The lowercase hexadecimal SHA-256 of a template's text.
        case sha256(Template)
        /// The first of these names that is a member of the object at the path.
        case firstMember(ValuePath, names: [String])
        /// The name under which a wildcard matched the binding in this position.
        case name(Int)
    }

    let parts: [Part]
    /// The template as it was written.
    package let description: String

    init(parts: [Part], description: String) {
        self.parts = parts
        self.description = description
    }

    /// The whole text when there are no references in it.
    package var literal: String? {
        switch self.parts.count {
        case 0: ""
        case 1: if case .literal(let text) = self.parts[0] { text } else { nil }
        default: nil
        }
    }

    /// Whether evaluating needs the scope's body.
    package var readsBody: Bool {
        self.parts.contains { part in
            switch part {
            case .literal: false
            case .path(let path), .hmac(let path, _), .firstMember(let path, _): path.readsBody
            case .sha256(let template): template.readsBody
            case .name: true
            }
        }
    }

    /// Whether evaluating needs a signing secret.
    package var usesHMAC: Bool {
        self.parts.contains { part in
            switch part {
            case .hmac: true
            case .sha256(let template): template.usesHMAC
            case .literal, .path, .firstMember, .name: false
            }
        }
    }

    /// The paths in the template, those inside functions included.
    package var paths: [ValuePath] {
        self.parts.flatMap { part in
            switch part {
            case .literal, .name: [ValuePath]()
            case .path(let path), .hmac(let path, _), .firstMember(let path, _): [path]
            case .sha256(let template): template.paths
            }
        }
    }

    /// The headers the template reads.
    package var headerNames: [String] { self.paths.compactMap(\.headerName) }
}
