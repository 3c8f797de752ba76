internal import PosternJSON

extension Template {
    /// The text with its references filled in, or `nil` when one of them is unresolved.
    ///
    /// With `refusingEmpty`, a reference to empty text counts as unresolved too; arguments of functions may be empty.
    package func text(in scope: ReferenceScope, refusingEmpty: Bool = false) -> String? {
        var text = ""
        for part in self.parts {
            guard let piece = part.text(in: scope) else { return nil }
            if refusingEmpty, piece.isEmpty { return nil }
            text += piece
        }
        return text
    }
}

extension Template.Part {
    fileprivate func text(in scope: ReferenceScope) -> String? {
        switch self {
        case .literal(let text):
            return text
        case .path(let path):
            return path.text(in: scope)
        case .hmac(let path, let encoding):
            guard let message = path.text(in: scope) else { return nil }
            return scope.source.hmacSHA256(message, as: encoding)
        case .sha256(let template):
            guard let text = template.text(in: scope) else { return nil }
            return TextDigest.sha256(text.utf8)
        case .firstMember(let path, let names):
            guard let object = path.value(in: scope) else { return nil }
            return names.first { name in
                guard let member = object.member(name) else { return false }
                return !member.isNull
            }
        case .name(let position):
            return scope.item(position)?.name
        }
    }
}

extension [Template] {
    /// The text of the first template that resolves.
    package func firstText(in scope: ReferenceScope, refusingEmpty: Bool = false) -> String? {
        for template in self {
            if let text = template.text(in: scope, refusingEmpty: refusingEmpty) { return text }
        }
        return nil
    }
}
