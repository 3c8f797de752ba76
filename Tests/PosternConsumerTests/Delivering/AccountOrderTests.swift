import PosternConsumer
import Testing

@Suite struct AccountOrderTests {
    @Test func `sends one event of an account at a time in the order of the numbers`() {
        var order = AccountOrder(blocked: [])
        #expect(order.admit(account: "a", number: 1) == .send)
        #expect(order.admit(account: "a", number: 2) == .wait)
        #expect(order.admit(account: "a", number: 5) == .wait)
        #expect(order.finished("a") == 2)
        #expect(order.admit(account: "a", number: 6) == .wait)
        #expect(order.finished("a") == 5)
        #expect(order.finished("a") == 6)
        #expect(order.finished("a") == nil)
        #expect(order.admit(account: "a", number: 7) == .send)
    }

    @Test func `lets other accounts and events without one go on`() {
        var order = AccountOrder(blocked: ["c"])
        #expect(order.admit(account: "a", number: 1) == .send)
        #expect(order.admit(account: "b", number: 2) == .send)
        #expect(order.admit(account: "c", number: 3) == .park)
        #expect(order.admit(account: nil, number: 4) == .send)
        #expect(order.admit(account: nil, number: 5) == .send)
        #expect(order.admit(account: "", number: 6) == .send)
        #expect(order.admit(account: "", number: 7) == .wait)
        #expect(order.accounts == 4)
    }

    @Test func `hands all that waited to the queue when the head fails`() {
        var order = AccountOrder(blocked: [])
        for number: Int64 in 1...4 { _ = order.admit(account: "a", number: number) }
        _ = order.finished("a")
        #expect(order.blocked("a") == [3, 4])
        #expect(order.isBlocked("a"))
        #expect(order.admit(account: "a", number: 5) == .park)
        #expect(order.finished("a") == nil)
        #expect(order.isBlocked("a"))
        #expect(order.blocked("a") == [])
    }

    @Test(arguments: [(4, false), (5, true), (6, true)] as [(Int64, Bool)])
    func `stays blocked until the last that was parked is stored`(stored: Int64, isOpen: Bool) {
        var order = AccountOrder(blocked: ["a"])
        #expect(order.admit(account: "a", number: 5) == .park)
        order.stored(upTo: stored)
        #expect(order.unblocked("a") == isOpen)
        #expect(order.admit(account: "a", number: 7) == (isOpen ? .send : .park))
    }

    @Test(arguments: [(1, false), (2, true)] as [(Int64, Bool)])
    func `stays blocked until the head and what waited for it are stored`(stored: Int64, isOpen: Bool) {
        var order = AccountOrder(blocked: [])
        _ = order.admit(account: "a", number: 1)
        _ = order.admit(account: "a", number: 2)
        #expect(order.blocked("a") == [2])
        order.stored(upTo: stored)
        #expect(order.unblocked("a") == isOpen)
    }

    @Test func `stores one account without the others`() {
        var order = AccountOrder(blocked: ["a", "b"])
        _ = order.admit(account: "a", number: 1)
        _ = order.admit(account: "b", number: 2)
        order.stored(upTo: 1)
        #expect(order.unblocked("a") == true)
        #expect(order.unblocked("b") == false)
        order.stored(upTo: 2)
        #expect(order.unblocked("b") == true)
        #expect(order.accounts == 0)
    }

    @Test func `is open for an account it does not know`() {
        var order = AccountOrder(blocked: [])
        #expect(order.unblocked("a") == true)
        #expect(order.finished("a") == nil)
        #expect(order.blocked("a") == [])
        #expect(order.accounts == 0)
    }

    @Test func `stays busy when the queue is said to be empty`() {
        var order = AccountOrder(blocked: [])
        _ = order.admit(account: "a", number: 1)
        #expect(order.unblocked("a") == true)
        #expect(order.admit(account: "a", number: 2) == .wait)
    }

    @Test func `forgets accounts that are idle`() {
        var order = AccountOrder(blocked: [])
        for number: Int64 in 0..<10_000 {
            let account = "account-\(number)"
            _ = order.admit(account: account, number: number)
            if number % 2 == 0 {
                #expect(order.finished(account) == nil)
            } else {
                _ = order.blocked(account)
                order.stored(upTo: number)
                #expect(order.unblocked(account) == true)
            }
        }
        #expect(order == AccountOrder(blocked: []))
    }

    @Test func `keeps a long line in order`() {
        var order = AccountOrder(blocked: [])
        for number: Int64 in 0..<5000 { _ = order.admit(account: "a", number: number) }
        var left: [Int64] = []
        while let next = order.finished("a") { left.append(next) }
        #expect(left == Array(1..<5000))
        #expect(order.accounts == 0)
    }

    @Test(arguments: [0, 1] as [Int64])
    func `refuses an earlier event behind a later one`(number: Int64) async {
        await #expect(processExitsWith: .failure) { [number] in
            var order = AccountOrder(blocked: [])
            _ = order.admit(account: "a", number: 1)
            _ = order.admit(account: "a", number: number)
        }
        await #expect(processExitsWith: .failure) { [number] in
            var order = AccountOrder(blocked: [])
            _ = order.admit(account: "a", number: 1)
            _ = order.admit(account: "a", number: 5)
            _ = order.admit(account: "a", number: 2 + number)
        }
        await #expect(processExitsWith: .failure) { [number] in
            var order = AccountOrder(blocked: ["a"])
            _ = order.admit(account: "a", number: 1)
            _ = order.admit(account: "a", number: number)
        }
    }

    /// One list for each account, and no shortcuts.
    struct Model {
        var line: [String: [Int64]] = [:]
        var unstored: [String: [Int64]] = [:]
        var blocked: Set<String> = []

        mutating func admit(_ account: String, _ number: Int64) -> AccountOrder.Admission {
            if self.blocked.contains(account) {
                self.unstored[account, default: []].append(number)
                return .park
            }
            self.line[account, default: []].append(number)
            return self.line[account]?.count == 1 ? .send : .wait
        }

        mutating func finished(_ account: String) -> Int64? {
            guard let line = self.line[account], !line.isEmpty else { return nil }
            self.line[account] = Array(line.dropFirst())
            return self.line[account]?.first
        }

        mutating func fail(_ account: String) -> [Int64] {
            guard let line = self.line[account], !line.isEmpty else { return [] }
            self.blocked.insert(account)
            self.unstored[account] = line
            self.line[account] = []
            return Array(line.dropFirst())
        }

        mutating func stored(upTo number: Int64) {
            for (account, numbers) in self.unstored { self.unstored[account] = numbers.filter { $0 > number } }
        }

        mutating func unblocked(_ account: String) -> Bool {
            guard self.unstored[account, default: []].isEmpty else { return false }
            self.blocked.remove(account)
            return true
        }

        var accounts: Int { Set(self.line.filter { !$0.value.isEmpty }.keys).union(self.blocked).count }
    }

    @Test(arguments: 1...40)
    func `does what a list for each account does`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var order = AccountOrder(blocked: ["0"])
        var model = Model(blocked: ["0"])
        var number: Int64 = 0
        for _ in 0..<1000 {
            let account = String(Int.random(in: 0..<6, using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                number += 1
                #expect(order.admit(account: account, number: number) == model.admit(account, number))
            case 5, 6: #expect(order.finished(account) == model.finished(account))
            case 7: #expect(order.blocked(account) == model.fail(account))
            case 8:
                let stored = Int64.random(in: max(0, number - 10)...number, using: &random)
                order.stored(upTo: stored)
                model.stored(upTo: stored)
            default: #expect(order.unblocked(account) == model.unblocked(account))
            }
            #expect(order.isBlocked(account) == model.blocked.contains(account))
            #expect(order.accounts == model.accounts)
        }
    }
}
