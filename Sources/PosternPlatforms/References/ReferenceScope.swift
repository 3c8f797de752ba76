package import PosternJSON

/// Everything references are evaluated against: a request or delivery, its body, and the items bound so far.
///
/// A value of one task or event loop for the time of one request; not `Sendable`, for a source need not be.
package struct ReferenceScope {
    /// The request or delivery.
    package let source: any ReferenceSource
    /// The JSON body, or the JSON projection of a form or XML body; `nil` when the body was not read as such.
    package let body: JSONValue?
    /// The decoded form body; `nil` when the body is none, or the source answers for forms itself.
    package let form: FormBody?
    /// The bound items; positions are those of the names given to the parsers as `bindings:`.
    package private(set) var bindings: [BoundItem] = []

    /// Starts a scope without bindings.
    package init(source: any ReferenceSource, body: JSONValue? = nil, form: FormBody? = nil) {
        self.source = source
        self.body = body
        self.form = form
    }

    /// The scope in which `item` is bound to the next name.
    package func binding(_ item: BoundItem) -> ReferenceScope {
        var scope = self
        scope.bindings.append(item)
        return scope
    }

    /// The item bound to the name in this position, or `nil` when nothing is.
    package func item(_ position: Int) -> BoundItem? {
        self.bindings.indices.contains(position) ? self.bindings[position] : nil
    }
}
