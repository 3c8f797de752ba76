/// Why a text of a definition is no path, template or condition.
///
/// The loader turns it into a ``DefinitionError`` at the line the text stands on.
package enum ReferenceError: Error, Hashable, Sendable {
    /// Nothing where a reference belongs.
    case empty
    /// A first word that is neither a root nor a name bound by `as:`.
    case unknownRoot(String, bindings: [String])
    /// A function that does not exist.
    case unknownFunction(String)
    /// A root such as `header:` without the name it needs.
    case nameMissing(after: String)
    /// A step that cannot be read, with what follows from there.
    case malformedStep(String)
    /// `[]` or `*` where exactly one value is meant.
    case iterationNotAllowed(String)
    /// A quote that is never closed.
    case unclosedQuote
    /// A brace or parenthesis that is never closed.
    case unclosed(Character)
    /// Text after the end of a reference.
    case trailing(String)
    /// `name(…)` of something that no `as:` has bound.
    case notBound(String)
    /// A condition without the value to compare with.
    case valueMissing

    /// What is wrong, for the author of the definition.
    package var reason: String {
        switch self {
        case .empty: "a reference is missing"
        case .unknownRoot(let word, let bindings):
            "unknown name \"\(word)\": a reference starts with "
                + (["body"] + bindings).joined(separator: ", ")
                + ", header:, query:, form:, parameter:, parse(…), method, url, timestamp or delivery.id"
        case .unknownFunction(let word):
            "unknown function \"\(word)\": there are sha256, hmac_sha256_hex, hmac_sha256_base64, name and parse"
        case .nameMissing(let root): "a name is missing after \"\(root)\""
        case .malformedStep(let rest):
            "cannot read \"\(rest)\": steps are .member, .\"any name\", [0] and, in each:, [] and .prefix*suffix"
        case .iterationNotAllowed(let text): "\"\(text)\" may match several values; [] and * belong in each:"
        case .unclosedQuote: "a quote is not closed"
        case .unclosed(let bracket): "\"\(bracket)\" is not closed"
        case .trailing(let rest): "unexpected \"\(rest)\" after the reference"
        case .notBound(let word): "\"\(word)\" is not bound by as: here"
        case .valueMissing: "a value is missing after = or !="
        }
    }
}
