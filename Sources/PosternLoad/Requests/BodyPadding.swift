internal import PosternPlatforms

/// Makes a body as long as wanted without changing what it says.
///
/// A JSON object gets a member `padding`, a form a field of that name, anything else blanks at its end. The padding is
/// letters and digits in no order, so that a database cannot compress it away.
package enum BodyPadding {
    /// The body with exactly `count` bytes; `nil` when it is longer already, or cannot be padded.
    package static func pad(_ body: [UInt8], to count: Int, contentType: String?) -> [UInt8]? {
        let missing = count - body.count
        guard missing >= 0 else { return nil }
        if missing == 0 { return body }
        if MediaType(contentType) == .form {
            let name = Array("&padding=".utf8)
            guard missing >= name.count else { return nil }
            return body + name + Self.noise(missing - name.count)
        }
        if let padded = Self.padObject(body, missing) { return padded }
        guard MediaType(sniffing: body) != nil else { return nil }
        return body + Array(repeating: UInt8(ascii: " "), count: missing)
    }

    private static func padObject(_ body: [UInt8], _ missing: Int) -> [UInt8]? {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        guard body.first(where: { !blanks.contains($0) }) == UInt8(ascii: "{"),
            let end = body.lastIndex(where: { !blanks.contains($0) }), body[end] == UInt8(ascii: "}"),
            let before = body[..<end].last(where: { !blanks.contains($0) })
        else { return nil }
        let start = Array((before == UInt8(ascii: "{") ? "\"padding\":\"" : ",\"padding\":\"").utf8)
        guard missing > start.count else { return nil }
        return body[..<end] + start + Self.noise(missing - start.count - 1) + [UInt8(ascii: "\"")] + body[end...]
    }

    /// SplitMix64 from a constant: the same bytes in every run.
    ///
    /// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", figure 13.
    private static func noise(_ count: Int) -> [UInt8] {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ab".utf8)
        var seed: UInt64 = 0x706F_7374_6572_6E21
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            seed &+= 0x9E37_79B9_7F4A_7C15
            var value = seed
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            value ^= value >> 31
            for _ in 0..<min(10, count - bytes.count) {
                bytes.append(letters[Int(value & 63)])
                value >>= 6
            }
        }
        return bytes
    }
}
