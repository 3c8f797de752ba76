/// The method of a handshake request.
enum HandshakeMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case head = "HEAD"
}
