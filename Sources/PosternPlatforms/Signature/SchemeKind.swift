/// The word that names how a scheme works, in a definition.
enum SchemeKind: String, CaseIterable {
    case hmac
    case digest
    case token
    case urlToken = "url-token"
    case none
    case publicKey = "public-key"
}
