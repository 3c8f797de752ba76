internal import PosternCrypto
internal import PosternModel

extension SignatureScheme {
    /// Makes a random signing secret of 32 bytes, written as the scheme's keys are: what a person pastes into the
    /// platform's console.
    package func makeSecret() -> String {
        let bytes = RandomBytes.make(32)
        for form in self.forms {
            guard case .hmac(_, let encoding) = form.method else { continue }
            switch encoding.notation {
            case .text: break
            case .hex: return Hexadecimal.encode(bytes).uppercased()
            case .base64: return (encoding.prefix ?? "") + Base64.encode(bytes)
            }
        }
        return Hexadecimal.encode(bytes)
    }
}
