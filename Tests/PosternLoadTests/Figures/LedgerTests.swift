import FoundationEssentials
import PosternLoad
import PosternModel
import Testing

@Suite struct LedgerTests {
    private let path = "\(FileManager.default.temporaryDirectory.path)/ledger-\(UniqueID.timeOrdered(at: .now()))"

    private var text: String {
        FileManager.default.contents(atPath: self.path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func id(_ text: String) -> DeliveryIDText {
        var reader = ResponseReader()
        var position = 0
        let answer = Array("HTTP/1.1 200 OK\r\nPostern-Delivery-Id: \(text)\r\nContent-Length: 0\r\n\r\n".utf8)
        _ = reader.next(answer.span, at: &position)
        return reader.deliveryID
    }

    @Test func `writes a line of three words for each request`() {
        var page = LedgerPage()
        #expect(page.isEmpty)
        page.add(self.id("d-1"), at: Timestamp(microseconds: 1_795_219_200_000_001)) { $0 += Array("key-1".utf8) }
        page.add(self.id(""), at: Timestamp(microseconds: 7)) { $0 += Array("key-2".utf8) }
        #expect(String(decoding: page.take(), as: UTF8.self) == "d-1 key-1 1795219200000001\n- key-2 7\n")
        #expect(page.isEmpty)
    }

    @Test func `appends to what is there, in order`() async throws {
        defer { try? FileManager.default.removeItem(atPath: self.path) }
        for run in 0..<2 {
            let ledger = try Ledger(path: self.path)
            for line in 0..<100 { ledger.append(Array("\(run) \(line)\n".utf8)) }
            try await ledger.close()
        }
        let expected = (0..<2).flatMap { run in (0..<100).map { "\(run) \($0)\n" } }.joined()
        #expect(self.text == expected)
    }

    @Test func `refuses a file that cannot be opened`() {
        let failure = #expect(throws: LoadFailure.self) { try Ledger(path: "/nowhere/ledger") }
        #expect(failure?.exitStatus == 2)
    }

    @Test func `says at the end that lines were not written`() async throws {
        // The file that is always full.
        let ledger = try Ledger(path: "/dev/full")
        ledger.append(Array("line\n".utf8))
        await #expect(throws: LoadFailure.self) { try await ledger.close() }
        guard case .ledger? = ledger.problem else {
            Issue.record("no problem, but \(String(describing: ledger.problem))")
            return
        }
    }
}
