internal import PosternModel

/// Reads HTTP/1.1 answers off a connection: as little of them as a load generator wants to know.
///
/// A value without I/O: bytes come in any pieces, a step says what they make. It looks at the status, at what frames the
/// body, at whether the connection goes on, and at `Postern-Delivery-Id`; everything else is stepped over.
///
/// Source: RFC 9112, sections 4 (status line), 6.3 (body length) and 7.1 (chunked).
package struct ResponseReader {
    /// What the bytes read so far make.
    package enum Step: Equatable {
        /// All bytes are taken and the answer is not whole yet.
        case needsMore
        /// An answer is whole; what follows it has not been looked at.
        case answer(status: Int, closes: Bool)
        /// This is no HTTP/1.x answer, or one with an ambiguous length.
        case malformed
    }

    private enum State {
        case head
        case body(Int)
        case untilClose
        case chunkSize(Int, digits: Int, isPastDigits: Bool)
        case chunk(Int)
        case chunkEnd
        case trailer(lineLength: Int)
    }

    /// The longest head, and the most bytes a trailer line may have.
    static let headLimit = 65_536
    /// The most hexadecimal digits of a chunk's size.
    private static let chunkDigits = 8

    private var state = State.head
    /// The beginning of a head that did not come in one piece; empty nearly always.
    private var carry: [UInt8] = []
    private var head = ResponseHead()

    /// Starts before the first answer.
    package init() {}

    /// The `Postern-Delivery-Id` of the answer read last; empty without one.
    package var deliveryID: DeliveryIDText { self.head.deliveryID }

    /// Whether the bytes so far end between answers, or in one that only the end of the connection ends.
    package var mayClose: Bool {
        switch self.state {
        case .head: self.carry.isEmpty
        case .untilClose: true
        case .body, .chunkSize, .chunk, .chunkEnd, .trailer: false
        }
    }

    /// Reads on from `position`, up to the end of the next answer or of the bytes.
    package mutating func next(_ bytes: Span<UInt8>, at position: inout Int) -> Step {
        while true {
            switch self.state {
            case .head:
                guard position < bytes.count else { return .needsMore }
                switch self.readHead(bytes, &position) {
                case .incomplete: return .needsMore
                case .malformed: return .malformed
                case .complete: if let step = self.begin() { return step }
                }
            case .body(let remaining):
                let taken = min(remaining, bytes.count - position)
                position += taken
                if taken == remaining { return self.finish() }
                self.state = .body(remaining - taken)
                return .needsMore
            case .untilClose:
                position = bytes.count
                return .needsMore
            case .chunk(let remaining):
                let taken = min(remaining, bytes.count - position)
                position += taken
                guard taken == remaining else {
                    self.state = .chunk(remaining - taken)
                    return .needsMore
                }
                self.state = .chunkEnd
            case .chunkSize, .chunkEnd, .trailer:
                guard position < bytes.count else { return .needsMore }
                let byte = bytes[position]
                position += 1
                if let step = self.readFraming(byte) { return step }
            }
        }
    }

    /// The connection has ended: what that makes of the bytes so far.
    package mutating func end() -> Step {
        if case .untilClose = self.state {
            self.head.closes = true
            return self.finish()
        }
        return self.mayClose ? .needsMore : .malformed
    }

    private mutating func readHead(_ bytes: Span<UInt8>, _ position: inout Int) -> ResponseHead.Outcome {
        if self.carry.isEmpty {
            let outcome = self.head.read(bytes, from: position)
            switch outcome {
            case .complete(let end): position = end
            case .incomplete:
                for index in position..<bytes.count { self.carry.append(bytes[index]) }
                position = bytes.count
                if self.carry.count > Self.headLimit { return .malformed }
            case .malformed: break
            }
            return outcome
        }
        let known = self.carry.count
        for index in position..<bytes.count { self.carry.append(bytes[index]) }
        let carry = self.carry
        let outcome = self.head.read(carry.span, from: 0)
        switch outcome {
        case .complete(let end):
            // The head was not whole before, so it ends in the new bytes.
            position += end - known
            self.carry = []
        case .incomplete:
            position = bytes.count
            if self.carry.count > Self.headLimit { return .malformed }
        case .malformed: break
        }
        return outcome
    }

    /// Decides how the body of a head that was just read ends.
    private mutating func begin() -> Step? {
        // 100 Continue and its like announce the answer and are none.
        if self.head.status < 200 { return nil }
        if self.head.status == 204 || self.head.status == 304 { return self.finish() }
        if self.head.isChunked {
            guard self.head.length == nil else { return .malformed }
            self.state = .chunkSize(0, digits: 0, isPastDigits: false)
            return nil
        }
        guard let length = self.head.length else {
            self.state = .untilClose
            return nil
        }
        if length == 0 { return self.finish() }
        self.state = .body(length)
        return nil
    }

    private mutating func finish() -> Step {
        self.state = .head
        return .answer(status: self.head.status, closes: self.head.closes)
    }

    /// Reads one byte of what stands between chunks and after them.
    private mutating func readFraming(_ byte: UInt8) -> Step? {
        let lineFeed = UInt8(ascii: "\n")
        let carriageReturn = UInt8(ascii: "\r")
        switch self.state {
        case .chunkSize(let size, let digits, let isPastDigits):
            if byte == lineFeed {
                guard digits > 0 else { return .malformed }
                self.state = size == 0 ? .trailer(lineLength: 0) : .chunk(size)
            } else if !isPastDigits, let value = Hexadecimal.value(of: byte) {
                guard digits < Self.chunkDigits else { return .malformed }
                self.state = .chunkSize(size << 4 | Int(value), digits: digits + 1, isPastDigits: false)
            } else {
                guard digits > 0, byte == carriageReturn || byte == UInt8(ascii: ";") || isPastDigits else {
                    return .malformed
                }
                self.state = .chunkSize(size, digits: digits, isPastDigits: true)
            }
        case .chunkEnd:
            if byte == lineFeed {
                self.state = .chunkSize(0, digits: 0, isPastDigits: false)
            } else if byte != carriageReturn {
                return .malformed
            }
        case .trailer(let length):
            if byte == lineFeed {
                if length == 0 { return self.finish() }
                self.state = .trailer(lineLength: 0)
            } else if byte != carriageReturn {
                guard length < Self.headLimit else { return .malformed }
                self.state = .trailer(lineLength: length + 1)
            }
        case .head, .body, .untilClose, .chunk: break
        }
        return nil
    }
}
