extension Session {
    /// Takes the notifications that have been read.
    func takeNotifications() -> [Notification] {
        // Asking makes libpq look at what has been read.
        _ = self.wire.isBusy
        var arrived: [Notification] = []
        while let notification = self.wire.nextNotification() { arrived.append(notification) }
        return arrived
    }

    /// Waits, with no statement under way, until the server says something; `false` when time passed or someone
    /// canceled.
    ///
    /// - Throws: ``PostgresError/unreachable(_:)`` when the connection is lost.
    func awaitNews(_ deadline: Deadline) throws(PostgresError) -> Bool {
        while true {
            switch Poll.wait(
                socket: self.wire.socket,
                .read,
                wakeup: self.signal.wakeup.descriptor,
                until: deadline
            )
            {
            case .readable, .writable:
                guard self.wire.consume() else { throw self.lose(self.wire.failure) }
                return true
            case .expired: return false
            case .woken:
                self.signal.wakeup.silence()
                if self.signal.consume() { return false }
            }
        }
    }

    /// Waits, with no statement under way, until somebody rings or the connection is lost.
    ///
    /// - Returns: whether the connection is still usable.
    func rest() -> Bool {
        while self.loss == nil {
            switch Poll.wait(socket: self.wire.socket, .read, wakeup: self.signal.wakeup.descriptor, until: nil) {
            case .woken:
                self.signal.wakeup.silence()
                return true
            case .readable, .writable:
                guard self.wire.consume() else {
                    _ = self.lose(self.wire.failure)
                    return false
                }
                _ = self.takeNotifications()
            case .expired: continue
            }
        }
        return false
    }
}

extension Session {
    /// Looks, without waiting, whether the connection was lost while nobody used it.
    func isStillThere() -> Bool {
        let now = Deadline(within: .zero)
        while self.loss == nil {
            switch Poll.wait(socket: self.wire.socket, .read, wakeup: -1, until: now) {
            case .expired: return true
            case .readable, .writable, .woken:
                guard self.wire.consume() else {
                    _ = self.lose(self.wire.failure)
                    return false
                }
                _ = self.takeNotifications()
            }
        }
        return false
    }
}
