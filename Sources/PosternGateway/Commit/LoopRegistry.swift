package import NIOCore
package import PosternStore
internal import Synchronization

/// The gateway's event loops by number: the way back from writer threads, and the way of a new directory to all.
///
/// Any thread may call; what is said to a loop arrives on it.
package final class LoopRegistry: Sendable {
    private struct Member: Sendable {
        let eventLoop: any EventLoop
        let waiting: NIOLoopBound<WaitingRequests>
        let responder: NIOLoopBound<GatewayResponder>
    }

    private struct State {
        var members: [Member] = []
        var directory = EndpointDirectory.empty
    }

    private let state = Mutex(State())

    /// Makes an empty registry.
    package init() {}

    /// Adds a loop and makes its responder.
    ///
    /// Call it on the loop.
    package func register(
        on eventLoop: any EventLoop,
        waiting: WaitingRequests,
        _ make: (Int) -> GatewayResponder
    ) -> GatewayResponder {
        let boundWaiting = NIOLoopBound(waiting, eventLoop: eventLoop)
        // Loops register one after the other, while the server starts.
        let responder = make(self.state.withLock { state in state.members.count })
        let member = Member(
            eventLoop: eventLoop,
            waiting: boundWaiting,
            responder: NIOLoopBound(responder, eventLoop: eventLoop)
        )
        let directory = self.state.withLock { state in
            state.members.append(member)
            return state.directory
        }
        responder.adopt(directory)
        return responder
    }

    /// Hands a new directory to every loop, and to those that register later.
    package func publish(_ directory: EndpointDirectory) {
        let members = self.state.withLock { state in
            state.directory = directory
            return state.members
        }
        for member in members {
            member.eventLoop.execute { member.responder.value.adopt(directory) }
        }
    }

    /// Tells requests of one loop what became of them, in one hop.
    package func deliver(_ outcome: CommitOutcome, to slots: [Int], ofLoop number: Int) {
        let member = self.state.withLock { state in state.members[number] }
        member.eventLoop.execute {
            let waiting = member.waiting.value
            for slot in slots { waiting.finish(slot, outcome) }
        }
    }

    /// How many loops registered.
    package var count: Int { self.state.withLock { state in state.members.count } }

    /// Collects the refused requests the loops kept since the last time.
    package func drainSamples() async -> [RejectionSample] {
        let members = self.state.withLock { state in state.members }
        var samples: [RejectionSample] = []
        for member in members {
            let drained = try? await member.eventLoop.submit { member.responder.value.drainSamples() }.get()
            samples += drained ?? []
        }
        return samples
    }

    /// Collects what the loops counted since the last time.
    package func drainTallies() async -> [TrafficTally.Key: Int64] {
        let members = self.state.withLock { state in state.members }
        var sum: [TrafficTally.Key: Int64] = [:]
        for member in members {
            let drained = try? await member.eventLoop.submit { member.responder.value.drainTally() }.get()
            // The future fails only when the loop is gone, and then its requests are too.
            sum.merge(drained ?? [:]) { left, right in left + right }
        }
        return sum
    }
}
