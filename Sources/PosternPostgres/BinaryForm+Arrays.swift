extension BinaryForm {
    /// Writes an array's head: dimensions, NULL flag, element type and, unless it is empty, length and lower bound.
    package static func writeArrayHeader(_ element: PostgresType, count: Int, hasNull: Bool, to arena: inout [UInt8]) {
        precondition(count <= 134_217_727, "array of \(count) elements; PostgreSQL's largest has 134217727")
        Self.write(Int32(count == 0 ? 0 : 1), to: &arena)
        Self.write(Int32(hasNull ? 1 : 0), to: &arena)
        Self.write(element.oid, to: &arena)
        if count > 0 {
            Self.write(Int32(count), to: &arena)
            Self.write(Int32(1), to: &arena)
        }
    }

    /// Writes one element: its length, then what `write` appends.
    package static func writeElement(to arena: inout [UInt8], _ write: (inout [UInt8]) -> Void) {
        let head = arena.count
        Self.write(Int32(0), to: &arena)
        write(&arena)
        let length = UInt32(truncatingIfNeeded: arena.count - head - 4)
        arena[head] = UInt8(truncatingIfNeeded: length >> 24)
        arena[head + 1] = UInt8(truncatingIfNeeded: length >> 16)
        arena[head + 2] = UInt8(truncatingIfNeeded: length >> 8)
        arena[head + 3] = UInt8(truncatingIfNeeded: length)
    }

    /// What is wrong with a binary array for us.
    package enum ArrayFault: Error, Equatable {
        case malformed
        case dimensions
        case null(position: Int)
        case element(position: Int)
    }

    /// Reads the elements of a one-dimensional array without NULL, each by `read`.
    ///
    /// - Throws: ``ArrayFault`` for what is cut short, has several dimensions, holds NULL, or where `read` gives `nil`.
    package static func readArray<Element>(
        _ bytes: RawSpan,
        _ read: (RawSpan) -> Element?
    ) throws(ArrayFault) -> [Element] {
        guard bytes.byteCount >= 12, let dimensions = Self.read(bytes.extracting(0..<4), as: Int32.self) else {
            throw .malformed
        }
        if dimensions == 0 { return [] }
        guard dimensions == 1 else { throw .dimensions }
        guard bytes.byteCount >= 20, let length = Self.read(bytes.extracting(12..<16), as: Int32.self), length >= 0,
            Int(length) <= (bytes.byteCount - 20) / 4
        else { throw .malformed }
        var elements: [Element] = []
        elements.reserveCapacity(Int(length))
        var position = 20
        for index in 0..<Int(length) {
            guard position + 4 <= bytes.byteCount,
                let size = Self.read(bytes.extracting(position..<position + 4), as: Int32.self)
            else { throw .malformed }
            position += 4
            guard size >= 0 else { throw .null(position: index) }
            guard Int(size) <= bytes.byteCount - position else { throw .malformed }
            guard let element = read(bytes.extracting(position..<position + Int(size))) else {
                throw .element(position: index)
            }
            elements.append(element)
            position += Int(size)
        }
        return elements
    }
}
