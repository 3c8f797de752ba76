package import PosternJSON

extension ValuePath {
    /// The JSON value at the path, `null` included; `nil` when there is none or the path does not lead into JSON.
    package func value(in scope: ReferenceScope) -> JSONValue? {
        guard var value = self.start(in: scope) else { return nil }
        for step in self.steps {
            let inner: JSONValue? =
                switch step {
                case .member(let name): value.member(name.span)
                case .element(let place): value.kind == .array ? value.element(at: place) : place == 0 ? value : nil
                case .eachElement, .eachMember: nil
                }
            guard let inner else { return nil }
            value = inner
        }
        return value
    }

    /// The text at the path: a string's content, or a number's, `true`'s or `false`'s literal text.
    ///
    /// `nil` when the path is unresolved: nothing there, `null`, an object or an array.
    package func text(in scope: ReferenceScope) -> String? {
        switch self.root {
        case .body, .binding, .parsed: self.value(in: scope)?.scalarText
        case .header(let name): scope.source.header(name)
        case .query(let name): scope.source.query(name)
        case .form(let name): scope.form?.first(name) ?? scope.source.form(name)
        case .parameter(let name): scope.source.parameter(name)
        case .method: scope.source.method
        case .url: scope.source.url
        case .timestamp: scope.source.signedTime
        case .deliveryID: scope.source.deliveryID
        }
    }

    /// Whether something is at the path, and is not `null`.
    package func isPresent(in scope: ReferenceScope) -> Bool {
        switch self.root {
        case .body, .binding, .parsed:
            guard let value = self.value(in: scope) else { return false }
            return !value.isNull
        case .header, .query, .form, .parameter, .method, .url, .timestamp, .deliveryID:
            return self.text(in: scope) != nil
        }
    }

    /// Every value the path matches, in document order, without nulls; a path without `[]` and `*` matches one at most.
    package func items(in scope: ReferenceScope) -> [BoundItem] {
        guard let value = self.start(in: scope) else { return [] }
        var items: [BoundItem] = []
        Self.collect(self.steps[...], from: BoundItem(value: value), into: &items)
        return items
    }

    private func start(in scope: ReferenceScope) -> JSONValue? {
        switch self.root {
        case .body: scope.body
        case .binding(let position): scope.item(position)?.value
        case .parsed(let path): path.parsed(in: scope)
        case .header, .query, .form, .parameter, .method, .url, .timestamp, .deliveryID: nil
        }
    }

    /// The JSON document that the text at this path is; `nil` when it is none.
    private func parsed(in scope: ReferenceScope) -> JSONValue? {
        guard let text = self.text(in: scope) else { return nil }
        do throws(JSONError) {
            return try JSONDocument(bytes: Array(text.utf8)).root
        } catch {
            // Text that is no JSON is as good as absent: the event keeps it as it came.
            return nil
        }
    }

    private static func collect(_ steps: ArraySlice<Step>, from item: BoundItem, into items: inout [BoundItem]) {
        guard let step = steps.first else {
            if !item.value.isNull { items.append(item) }
            return
        }
        let rest = steps.dropFirst()
        switch step {
        case .member(let name):
            guard let value = item.value.member(name.span) else { return }
            Self.collect(rest, from: BoundItem(value: value, name: item.name), into: &items)
        case .element(let place):
            let isArray = item.value.kind == .array
            guard let value = isArray ? item.value.element(at: place) : place == 0 ? item.value : nil else { return }
            Self.collect(rest, from: BoundItem(value: value, name: item.name), into: &items)
        case .eachElement:
            // One element may come without its array, as it does in projected XML.
            guard item.value.kind == .array else { return Self.collect(rest, from: item, into: &items) }
            for value in item.value.elements {
                Self.collect(rest, from: BoundItem(value: value, name: item.name), into: &items)
            }
        case .eachMember(let prefix, let suffix):
            let length = prefix.utf8.count + suffix.utf8.count
            for (name, value) in item.value.members
            where name.utf8.count >= length && name.hasPrefix(prefix) && name.hasSuffix(suffix) {
                Self.collect(rest, from: BoundItem(value: value, name: name), into: &items)
            }
        }
    }
}
