import PosternOperations
import PosternStore

/// Reads bodies of tests: keys with commas between them, or a word that says what is wrong.
struct TextKeys: KeyDerivation {
    var version: Int32 = 1

    func keys(of content: DeliveryContent, parameters: [String: String]) -> DerivedKeys {
        let text = String(decoding: content.body, as: UTF8.self)
        switch text {
        case "unknown": return .unknown
        case "broken": return .failed(reason: "malformed_json", definitionVersion: self.version)
        default:
            var keys: [AccountedKey] = []
            for key in text.split(separator: ",") {
                guard let key = try? AccountedKey(of: content, account: nil, key: String(key)) else { return .unknown }
                keys.append(key)
            }
            return .events(keys, definitionVersion: self.version)
        }
    }
}
