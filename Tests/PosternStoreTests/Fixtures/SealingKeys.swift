import PosternCrypto
import PosternModel
import PosternStore

/// Keys and authors for tests of the configuration.
enum SealingKeys {
    static func ring(_ byte: UInt8 = 1, others: [UInt8] = []) throws -> SealingKeyring {
        SealingKeyring(
            primary: try SealingKey([UInt8](repeating: byte, count: 32)),
            others: try others.map { try SealingKey([UInt8](repeating: $0, count: 32)) }
        )
    }

    static func administration(_ byte: UInt8 = 1) throws -> Administration {
        Administration(author: Author(who: "cli:alice", origin: "cli host-1"), sealing: try Self.ring(byte))
    }
}
