/// Why filters of a subscription were refused.
package enum SubscriptionFilterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is not JSON.
    case notJSON(String)
    /// The text is JSON and no array of objects.
    case notAnArray
    case tooMany(limit: Int)
    /// The filter at this place, counted from 1, is none: the text says why.
    case filter(Int, String)

    /// What is wrong and what would be right.
    package var description: String {
        switch self {
        case .notJSON(let why): "it is not JSON: \(why)"
        case .notAnArray:
            #"it must be an array of objects like {"field": "account", "op": "equals", "value": "acct_1"}"#
        case .tooMany(let limit): "at most \(limit) filters"
        case .filter(let place, let why): "filter \(place): \(why)"
        }
    }
}
