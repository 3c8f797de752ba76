package import PosternJSON

extension SubscriptionFilter.Field {
    /// Reads the name of a field: `account`, `data.customer.tier`; `nil` for what is none.
    package init?(text: String) {
        guard text.utf8.count <= SubscriptionFilter.textLimit, !text.utf8.contains(0) else { return nil }
        switch text {
        case "platform": self = .platform
        case "account": self = .account
        case "subject": self = .subject
        case "type": self = .type
        case "endpoint": self = .endpoint
        default:
            let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count > 1, parts[0] == "data", !parts.contains("") else { return nil }
            self = .data(Array(parts.dropFirst()))
        }
    }

    /// The field's name, as it is stored.
    package var text: String {
        switch self {
        case .platform: "platform"
        case .account: "account"
        case .subject: "subject"
        case .type: "type"
        case .endpoint: "endpoint"
        case .data(let path): "data.\(path.joined(separator: "."))"
        }
    }
}

extension SubscriptionFilter.Test {
    /// The operator's name, as it is stored.
    package var word: String {
        switch self {
        case .equals: "equals"
        case .notEquals: "not_equals"
        case .oneOf: "in"
        case .exists: "exists"
        case .prefix: "prefix"
        }
    }
}

extension SubscriptionFilter.Scalar {
    /// Writes the value as JSON.
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text)
        case .number(let literal): writer.raw(literal.utf8)
        case .boolean(let value): writer.boolean(value)
        }
    }
}
