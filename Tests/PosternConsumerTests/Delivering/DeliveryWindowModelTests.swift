import PosternConsumer
import PosternModel
import Testing

@Suite struct DeliveryWindowModelTests {
    /// Everything that was read, one entry for each number.
    struct Model {
        struct Entry {
            let number: Int64
            let storedAt: Timestamp
            var state: State
        }
        enum State: Equatable {
            case passed
            case unsubscribed
            case pending
            case settled(DeliveryWindow.Settled)
        }

        var cursor: Int64
        var proposed: Int64?
        var entries: [Entry] = []

        var pending: [Entry] { self.entries.filter { $0.state == .pending } }

        var inWindow: Int {
            self.entries.count { $0.number > self.cursor && $0.state != .passed && $0.state != .unsubscribed }
        }

        /// Walks from the cursor to the first pending event.
        func move() -> DeliveryWindow.Move? {
            guard self.proposed == nil else { return nil }
            let part = self.entries.filter { $0.number > self.cursor }.prefix { $0.state != .pending }
            guard let last = part.last else { return nil }
            return DeliveryWindow.Move(
                from: self.cursor,
                to: last.number,
                storedAt: last.storedAt,
                delivered: Int64(part.count { $0.state == .settled(.delivered) }),
                handed: Int64(part.count { $0.state == .settled(.handed) }),
                buried: Int64(part.count { $0.state == .settled(.buried) }),
                unsubscribed: Int64(part.count { $0.state == .unsubscribed })
            )
        }

        mutating func settle(_ number: Int64, as settled: DeliveryWindow.Settled) -> Bool {
            guard let place = self.entries.firstIndex(where: { $0.number == number }),
                self.entries[place].state == .pending
            else { return false }
            self.entries[place].state = .settled(settled)
            return true
        }
    }

    @Test(arguments: 1...60)
    func `does what a list of all events does`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let start = Timestamp(seconds: 1_700_000_000)
        var window = DeliveryWindow(number: 100, storedAt: start)
        var model = Model(cursor: 100)
        var number: Int64 = 100
        var moving: DeliveryWindow.Move?
        var moves = 0
        let isReader = Int.random(in: 1...4, using: &random)
        for _ in 0..<600 {
            switch Int.random(in: 0..<(6 + isReader), using: &random) {
            case 0:
                number += Int64.random(in: 1...5, using: &random)
                let time = start.advanced(by: .seconds(number))
                window.examined(upTo: number, storedAt: time)
                model.entries.append(.init(number: number, storedAt: time, state: .passed))
            case 1, 2, 3:
                let known = Int64.random(in: 95...(number + 2), using: &random)
                let chosen = model.pending.randomElement(using: &random)?.number
                let target = Int.random(in: 0..<5, using: &random) == 0 ? known : chosen ?? known
                let kinds: [DeliveryWindow.Settled] = [.delivered, .handed, .buried]
                let kind = kinds[Int.random(in: 0..<3, using: &random)]
                #expect(window.settle(target, as: kind) == model.settle(target, as: kind))
            case 4:
                #expect(window.availableMove == model.move())
                let taken = window.takeMove()
                #expect(taken == model.move())
                if let taken {
                    moving = taken
                    model.proposed = taken.to
                }
            case 5:
                guard let move = moving else { break }
                moving = nil
                if Bool.random(using: &random) {
                    window.committed(move)
                    model.cursor = move.to
                    moves += 1
                } else {
                    window.rolledBack()
                }
                model.proposed = nil
            default:
                number += Int64.random(in: 1...3, using: &random)
                let time = start.advanced(by: .seconds(number))
                let isWanted = Int.random(in: 0..<3, using: &random) > 0
                window.add(number: number, storedAt: time, fate: isWanted ? .pending : .unsubscribed)
                model.entries.append(
                    .init(number: number, storedAt: time, state: isWanted ? .pending : .unsubscribed)
                )
            }
            #expect(window.pending == model.pending.count)
            #expect(window.oldestPending?.number == model.pending.first?.number)
            #expect(window.inWindow == model.inWindow)
            #expect(window.lastRead.number == number)
        }
        #expect(moves > 0)
    }
}
