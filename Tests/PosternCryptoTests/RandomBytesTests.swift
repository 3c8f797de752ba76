import PosternCrypto
import Testing

@Suite struct RandomBytesTests {
    @Test(arguments: [0, 1, 12, 65_536])
    func `makes as many bytes as asked for`(count: Int) {
        #expect(RandomBytes.make(count).count == count)
    }

    @Test func `does not repeat itself`() {
        let made = Set((0..<100).map { _ in RandomBytes.make(16) })
        #expect(made.count == 100)
    }
}
