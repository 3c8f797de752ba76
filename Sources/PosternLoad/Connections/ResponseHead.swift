internal import PosternModel

/// What a load generator wants to know of the head of an answer.
struct ResponseHead {
    /// How far reading got.
    enum Outcome: Equatable {
        /// The head ends before this position.
        case complete(end: Int)
        /// The empty line is not there yet.
        case incomplete
        case malformed
    }

    /// The most digits of a length: far more than any answer has, far less than an integer holds.
    private static let lengthDigits = 15

    private static let contentLength = Array("content-length:".utf8)
    private static let connection = Array("connection:".utf8)
    private static let transferEncoding = Array("transfer-encoding:".utf8)
    private static let deliveryID = Array("postern-delivery-id:".utf8)
    private static let version = Array("http/1.".utf8)
    private static let close = Array("close".utf8)
    private static let keepAlive = Array("keep-alive".utf8)
    private static let chunked = Array("chunked".utf8)

    /// The status code.
    private(set) var status = 0
    /// What `Content-Length` says.
    private(set) var length: Int?
    /// Whether the body comes in chunks.
    private(set) var isChunked = false
    /// Whether the server closes the connection after the answer.
    var closes = false
    /// The value of `Postern-Delivery-Id`.
    private(set) var deliveryID = DeliveryIDText()

    /// Reads a head that begins at `start`, if all of it is there.
    mutating func read(_ bytes: Span<UInt8>, from start: Int) -> Outcome {
        self.length = nil
        self.isChunked = false
        self.deliveryID.clear()
        var lineStart = start
        var isFirst = true
        var position = start
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "\n") else {
                position += 1
                continue
            }
            let end = position > lineStart && bytes[position - 1] == UInt8(ascii: "\r") ? position - 1 : position
            position += 1
            if isFirst {
                guard self.readStatus(bytes, lineStart, end) else { return .malformed }
                isFirst = false
            } else if end == lineStart {
                return .complete(end: position)
            } else {
                guard self.readField(bytes, lineStart, end) else { return .malformed }
            }
            lineStart = position
        }
        return .incomplete
    }

    private mutating func readStatus(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        // `HTTP/1.1 200 …`: the version's digit is at 7, the status at 9 to 11.
        guard end - start >= 12, Self.begins(bytes, start, end, with: Self.version),
            bytes[start + 8] == UInt8(ascii: " "), let status = Self.number(bytes, start + 9, start + 12),
            status >= 100, status < 600, end - start == 12 || bytes[start + 12] == UInt8(ascii: " ")
        else { return false }
        self.status = status
        self.closes = bytes[start + 7] == UInt8(ascii: "0")
        return true
    }

    /// Reads one line; `false` when the length of the body cannot be known from it.
    private mutating func readField(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        switch bytes[start] | 0x20 {
        case UInt8(ascii: "c"):
            if Self.begins(bytes, start, end, with: Self.contentLength) {
                let value = Self.trimmed(bytes, start + Self.contentLength.count, end)
                guard self.length == nil, value.count <= Self.lengthDigits,
                    let length = Self.number(bytes, value.lowerBound, value.upperBound)
                else { return false }
                self.length = length
            } else if Self.begins(bytes, start, end, with: Self.connection) {
                let value = Self.trimmed(bytes, start + Self.connection.count, end)
                if Self.begins(bytes, value.lowerBound, value.upperBound, with: Self.close) {
                    self.closes = true
                } else if Self.begins(bytes, value.lowerBound, value.upperBound, with: Self.keepAlive) {
                    self.closes = false
                }
            }
        case UInt8(ascii: "t"):
            guard Self.begins(bytes, start, end, with: Self.transferEncoding) else { break }
            let value = Self.trimmed(bytes, start + Self.transferEncoding.count, end)
            guard value.count == Self.chunked.count,
                Self.begins(bytes, value.lowerBound, value.upperBound, with: Self.chunked)
            else { return false }
            self.isChunked = true
        case UInt8(ascii: "p"):
            guard Self.begins(bytes, start, end, with: Self.deliveryID) else { break }
            self.deliveryID.set(bytes, Self.trimmed(bytes, start + Self.deliveryID.count, end))
        default: break
        }
        return true
    }

    /// Tells whether the bytes begin with a text of lowercase letters and signs, in either case.
    private static func begins(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, with text: [UInt8]) -> Bool {
        bytes.extracting(start..<end).beginsIgnoringCase(with: text.span)
    }

    /// The part of the bytes without blanks around it.
    private static func trimmed(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int> {
        var first = start
        var last = end
        while first < last, bytes[first] == UInt8(ascii: " ") || bytes[first] == UInt8(ascii: "\t") { first += 1 }
        while last > first, bytes[last - 1] == UInt8(ascii: " ") || bytes[last - 1] == UInt8(ascii: "\t") { last -= 1 }
        return first..<last
    }

    /// The number that the digits stand for; the caller bounds how many there are.
    private static func number(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        guard start < end else { return nil }
        var value = 0
        for index in start..<end {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[index] else { return nil }
            value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        }
        return value
    }
}
