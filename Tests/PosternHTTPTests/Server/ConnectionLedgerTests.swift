import PosternHTTP
import Testing

@Suite struct ConnectionLedgerTests {
    @Test func `admits exactly the cap when many loops ask at once`() async {
        var limits = ConnectionLimits()
        limits.connections = 500
        let ledger = ConnectionLedger(limits)
        let admitted = await withTaskGroup { group in
            for _ in 0..<10 {
                group.addTask { (0..<100).count { _ in ledger.admit(.local) == .admitted } }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 500)
        #expect(ledger.count == 500)
        for _ in 0..<500 { ledger.release(.local) }
        #expect(ledger.count == 0)
    }
}
