internal import NIOCore
internal import PosternCrypto
internal import PosternGateway
internal import PosternLimits
internal import PosternModel
internal import PosternPlatforms
internal import PosternPostgres

/// Small things on every request's way, among them those that say that they take no memory.
enum ValueCases {
    @Sendable static func all() throws(CaseFailure) -> [MeasuredCase] {
        [
            MeasuredCase("values/bucket table", claim: .calls(0)) { () throws(CaseFailure) in try Self.bucketTable() },
            MeasuredCase("values/recent keys", claim: .calls(0)) { () throws(CaseFailure) in Self.recentKeys() },
            MeasuredCase("values/delivery id", claim: .calls(0)) { () throws(CaseFailure) in Self.deliveryID() },
            MeasuredCase("values/hexadecimal digest", claim: .calls(0)) { () throws(CaseFailure) in try Self.digest() },
            // Its context is libcrypto's memory.
            MeasuredCase("values/hmac-sha256, 1 KiB", claim: .objects(0)) { () throws(CaseFailure) in try Self.code() },
            MeasuredCase("values/parameters, 64 rows", claim: .calls(0)) { () throws(CaseFailure) in
                try Self.parameters()
            },
            MeasuredCase("values/stored headers") { () throws(CaseFailure) in try Self.storedHeaders() },
        ]
    }

    private static func bucketTable() throws(CaseFailure) -> MeasuredCase.Work {
        guard let limit = RateLimit(requestsPerMinute: 600, burst: 600) else { throw .cannotPrepare("a limit") }
        return { (count: Int) throws(CaseFailure) in
            var table = BucketTable<UInt64>(capacity: 1024)
            for turn in 0..<count {
                let (key, now) = (UInt64(turn * 7919 % 4096), Int64(turn) * 1000)
                guard table.decision(key, limit, now: now).isAdmitted else { throw .wrongResult("a bucket is empty") }
                table.charge(key, limit, now: now)
            }
        }
    }

    private static func recentKeys() -> MeasuredCase.Work {
        { (count: Int) throws(CaseFailure) in
            var keys = RecentKeys<UInt64>(capacity: 1024)
            for turn in 0..<count {
                let key = UInt64(turn * 7919 % 4096)
                keys.insert(key, until: Int64(turn) + 10)
                guard keys.contains(key, now: Int64(turn)) else { throw .wrongResult("a key is forgotten") }
            }
        }
    }

    private static func deliveryID() -> MeasuredCase.Work {
        { (count: Int) throws(CaseFailure) in
            var ids = UniqueIDSequence()
            for _ in 0..<count {
                let text = DeliveryID(ids.next(at: PlatformRequest.now)).id.text
                guard text[14] == UInt8(ascii: "7") else { throw .wrongResult("it is no version 7") }
            }
        }
    }

    private static func digest() throws(CaseFailure) -> MeasuredCase.Work {
        let text = String(repeating: "0123456789abcdef", count: 4)
        guard let expected = Digest(hexadecimal: text.utf8.span) else { throw .cannotPrepare("a digest") }
        return { (count: Int) throws(CaseFailure) in
            for _ in 0..<count {
                guard let digest = Digest(hexadecimal: text.utf8.span), digest.matches(expected) else {
                    throw .wrongResult("the digest is another")
                }
            }
        }
    }

    private static func code() throws(CaseFailure) -> MeasuredCase.Work {
        let message = [UInt8](repeating: 0x61, count: 1024)
        let key: HMACKey
        do throws(CryptoError) {
            key = try HMACKey(.sha256, key: Secret("benchmark"))
        } catch {
            throw .cannotPrepare("\(error)")
        }
        let expected = key.authenticate(message.span)
        return { (count: Int) throws(CaseFailure) in
            for _ in 0..<count {
                var fan = HMACFan(key, [])
                fan.update(message.span)
                var isRight = false
                fan.finish { _, code in isRight = code.matches(expected) }
                guard isRight else { throw .wrongResult("the code is another") }
            }
        }
    }

    /// The parameters of a writer's batch; one operation is one row.
    private static func parameters() throws(CaseFailure) -> MeasuredCase.Work {
        let rows = 64
        let id = UniqueID(high: 0x7000, low: 1)
        let platform = "github"
        let bytes = ByteBuffer(repeating: 0x61, count: 1024)
        return { (count: Int) throws(CaseFailure) in
            var parameters = ParameterBuffer()
            for turn in 0..<count {
                if turn % rows == 0 { parameters.removeAll() }
                parameters.append(Int32(0))
                parameters.append(Int64(turn))
                parameters.append(PlatformRequest.now)
                parameters.append(id)
                parameters.append(platform)
                parameters.append(bytes: bytes.readableBytesSpan)
            }
            guard parameters.count == 6 * ((count - 1) % rows + 1) else { throw .wrongResult("a value is missing") }
        }
    }

    private static func storedHeaders() throws(CaseFailure) -> MeasuredCase.Work {
        let request = try PlatformRequest(try PlatformRequest.name("github"))
        return { (count: Int) throws(CaseFailure) in
            for _ in 0..<count {
                let lines = StoredHeaders.encode(
                    target: request.target,
                    headers: request.headers,
                    secretHeaders: [],
                    allocator: ByteBufferAllocator()
                )
                guard lines.readableBytes > 0 else { throw .wrongResult("nothing was written") }
            }
        }
    }
}
