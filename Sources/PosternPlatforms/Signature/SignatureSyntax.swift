/// The form in which signatures stand in their place.
enum SignatureSyntax: Sendable {
    /// One signature, behind a prefix that must or may be there.
    case plain(prefix: String?, optionalPrefix: String?)
    /// One signature behind the name of its hash function: `sha1=…`.
    case digestPrefix
    /// `key=value` entries; each with the right key is a candidate.
    case list(separator: UInt8, key: String)
    /// `tag,value` entries; each with the right tag is a candidate.
    case tags(separator: UInt8, tag: String)
}
