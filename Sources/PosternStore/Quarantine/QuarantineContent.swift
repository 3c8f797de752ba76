package import PosternModel

/// What a request said, exactly: enough to verify it again and to store it as a delivery.
///
/// Encoded: one byte version (1), then method, target, origin, headers and body, the number of secret headers, and of
/// each its name and its value; each of these after its length in bytes, and lengths and the number as four bytes, most
/// significant first. Names and values of the secret headers are what verification needs and a delivery must not keep.
package struct QuarantineContent: Sendable, Equatable {
    /// A header that deliveries are stored without.
    package struct SecretHeader: Sendable, Equatable {
        /// In lower case.
        package let name: String
        package let value: Secret

        /// Joins name and value.
        package init(name: String, value: Secret) {
            self.name = name
            self.value = value
        }
    }

    /// The most bytes an encoding has: more than any endpoint's quarantine holds.
    package static let encodedLimitBytes = 1 << 30
    /// The most secret headers an encoding has; requests with more have no encoding that can be read.
    package static let secretHeaderLimit = 1000
    private static let version: UInt8 = 1

    package let method: String
    /// The request target, query included.
    package let target: String
    /// What the request was sent to, as verification sees it: `https://hooks.example.com`.
    package let origin: String
    /// `name: value` lines as in a delivery, without those that hold secrets.
    package let headers: [UInt8]
    /// Those that hold secrets, in the order they came.
    package let secretHeaders: [SecretHeader]
    /// The exact bytes that were posted.
    package let body: [UInt8]

    /// Joins the values.
    package init(
        method: String,
        target: String,
        origin: String,
        headers: [UInt8],
        secretHeaders: [SecretHeader],
        body: [UInt8]
    ) {
        self.method = method
        self.target = target
        self.origin = origin
        self.headers = headers
        self.secretHeaders = secretHeaders
        self.body = body
    }

    /// How long ``encoded()`` is.
    package var encodedByteCount: Int {
        var count = 1 + 6 * 4 + self.method.utf8.count + self.target.utf8.count + self.origin.utf8.count
        count += self.headers.count + self.body.count
        for header in self.secretHeaders { count += 2 * 4 + header.name.utf8.count + header.value.bytes.count }
        return count
    }

    /// Writes the content as bytes; they hold secrets and are to be sealed.
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = [Self.version]
        bytes.reserveCapacity(self.encodedByteCount)
        func number(_ value: Int) {
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: value >> shift))
            }
        }
        func field(_ value: some Collection<UInt8>) {
            number(value.count)
            bytes.append(contentsOf: value)
        }
        field(self.method.utf8)
        field(self.target.utf8)
        field(self.origin.utf8)
        field(self.headers)
        field(self.body)
        number(self.secretHeaders.count)
        for header in self.secretHeaders {
            field(header.name.utf8)
            field(header.value.bytes)
        }
        return bytes
    }

    /// Reads what ``encoded()`` wrote; `nil` for anything else: another version, a length that does not fit, bytes left
    /// over, or more than the limits.
    package init?(decoding bytes: [UInt8]) {
        guard bytes.count <= Self.encodedLimitBytes, bytes.first == Self.version else { return nil }
        var rest = bytes.dropFirst()
        func number() -> Int? {
            guard rest.count >= 4 else { return nil }
            defer { rest = rest.dropFirst(4) }
            return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        }
        func field() -> ArraySlice<UInt8>? {
            guard let count = number(), count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func text() -> String? { field().flatMap { String(validating: $0, as: UTF8.self) } }
        guard let method = text(), let target = text(), let origin = text(), let headers = field(), let body = field(),
            let count = number(), count <= Self.secretHeaderLimit
        else { return nil }
        var secretHeaders: [SecretHeader] = []
        for _ in 0..<count {
            guard let name = text(), let value = field() else { return nil }
            secretHeaders.append(SecretHeader(name: name, value: Secret(Array(value))))
        }
        guard rest.isEmpty else { return nil }
        self.init(
            method: method,
            target: target,
            origin: origin,
            headers: Array(headers),
            secretHeaders: secretHeaders,
            body: Array(body)
        )
    }
}
