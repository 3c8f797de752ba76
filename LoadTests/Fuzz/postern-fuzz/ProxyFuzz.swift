internal import NIOCore
internal import PosternHTTP

/// PROXY headers: what is taken is counted right, and a beginning never says more than the whole.
enum ProxyFuzz {
    static func read(_ bytes: [UInt8]) {
        var whole = ByteBuffer(bytes: bytes)
        let reading = ProxyHeader.read(from: &whole)
        switch reading {
        case .incomplete: precondition(whole.readableBytes == bytes.count, "bytes of half a header were taken")
        case .malformed: break
        case .complete:
            let taken = bytes.count - whole.readableBytes
            precondition(taken > 0 && taken <= ProxyHeader.binaryLimitBytes + 16, "\(taken) bytes were taken")
        }
        for end in 0..<min(bytes.count, 128) {
            var start = ByteBuffer(bytes: bytes[..<end])
            switch ProxyHeader.read(from: &start) {
            case .incomplete: continue
            case let early: precondition(early == reading, "\(end) bytes are \(early), all are \(reading)")
            }
        }
    }
}
